import { countTools, estimateCounter } from '@loci/core/turn';
import { describe, expect, it } from 'vitest';
import { chatTrace } from '../src/compaction/chat-trace.js';
import { codingTrace } from '../src/compaction/coding-trace.js';
import { researchTrace } from '../src/compaction/research-trace.js';
import { type Trace, traceTexts } from '../src/compaction/trace.js';

const size = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + estimateCounter.countText(text), 0);
/** Texts of one speaker, turn by turn. */
const textsBy = {
  user: ({ turns }: Trace) => turns.map(({ user }) => user),
  tool: ({ turns }: Trace) =>
    turns.map(({ steps }) => steps.flatMap(({ calls }) => calls.map(({ output }) => output)).join('\n')),
  assistant: ({ turns }: Trace) => turns.map(({ steps }) => steps.map(({ text }) => text).join('\n')),
};

describe.each([
  ['chat', chatTrace],
  ['coding', codingTrace],
  ['research', researchTrace],
])('the trace of %s', (name, make) => {
  const trace = make(1);

  it('is the same for the same seed, and another for another', () => {
    expect(make(1)).toEqual(trace);
    expect(make(2)).not.toEqual(trace);
    expect(trace.name).toBe(name);
  });

  it('is longer than three windows of 32,768 tokens, and none of its turns fills half of one', () => {
    const tokens = size(traceTexts(trace)) + countTools(estimateCounter, trace.tools);
    expect(tokens).toBeGreaterThan(3 * 32_768);
    for (const turn of trace.turns)
      expect(size(traceTexts({ ...trace, instructions: '', turns: [turn] }))).toBeLessThan(16_384);
  });

  it('holds 40 facts of each speaker, each once, over its whole length', () => {
    const all = traceTexts(trace).join('\n');
    for (const by of ['user', 'tool', 'assistant'] as const) {
      const facts = trace.facts.filter((fact) => fact.by === by);
      const texts = textsBy[by](trace);
      expect(facts).toHaveLength(40);
      const places = facts.map(({ sentence }) => texts.findIndex((text) => text.includes(sentence)));
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      for (const quarter of [0, 1, 2, 3]) {
        const inQuarter = places.filter((place) => Math.floor((4 * place) / texts.length) === quarter);
        expect(inQuarter.length).toBeGreaterThanOrEqual(9);
      }
    }
    for (const { sentence, subject, value } of trace.facts) {
      expect(sentence).toContain(value);
      expect(all.split(value)).toHaveLength(2);
      expect(all.split(subject)).toHaveLength(2);
    }
  });

  it('ends every turn with an answer, and pauses for longer than a cache lives now and then', () => {
    for (const { steps } of trace.turns) {
      expect(steps.at(-1)?.calls).toEqual([]);
      expect(steps.slice(0, -1).every(({ calls }) => calls.length > 0)).toBe(true);
    }
    const cold = trace.turns.filter(({ pauseMs }) => pauseMs > 300_000).length;
    expect(cold).toBeGreaterThanOrEqual(3);
    expect(cold).toBeLessThan(trace.turns.length * 0.7);
  });
});
