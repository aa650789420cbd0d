import { estimateCounter } from '@loci/core/turn';
import { describe, expect, it } from 'vitest';
import { codingTrace } from '../src/compaction/coding-trace.js';
import type { Contender } from '../src/compaction/contender.js';
import { everyTime } from '../src/compaction/every-time.js';
import { ours, oursCheap } from '../src/compaction/ours.js';
import { runTrace } from '../src/compaction/run-trace.js';
import { noCompaction, slidingWindow } from '../src/compaction/with-memories.js';

const whole = codingTrace(1);
/** Its first turns, and the facts that they tell. */
const trace = {
  ...whole,
  turns: whole.turns.slice(0, 6),
  facts: whole.facts.filter(({ value }) => JSON.stringify(whole.turns.slice(0, 6)).includes(value)),
};

describe('a trace that is played', () => {
  it.each([
    ['a window', slidingWindow],
    ['our compaction', oursCheap],
  ])('costs the same twice with %s', async (_, contender) => {
    const first = await runTrace(trace, contender, 'anthropic');
    expect(await runTrace(trace, contender, 'anthropic')).toEqual(first);
  });

  it.each(ours.map((contender) => [contender.name, contender] as const))(
    'keeps every fact retrievable with %s',
    async (_, contender) => {
      const outcome = await runTrace(trace, contender, 'openai');
      expect(outcome.rewrites).toBeGreaterThan(0);
      expect(outcome.retrievable).toBe(trace.facts.length);
    },
  );

  it('bills a recall: the prompt from the cache, the question and the answer', async () => {
    const output = `Found: ${trace.facts.map(({ sentence }) => sentence).join(' ')}`;
    const forgetful: Contender = {
      name: 'a window and a tool',
      ours: false,
      open: (stage) => ({
        ...slidingWindow.open(stage),
        recall: async (subject) => ({ toolName: 'find', input: { subject }, output }),
      }),
    };
    const outcome = await runTrace(trace, forgetful, 'anthropic');
    const without = await runTrace(trace, slidingWindow, 'anthropic');
    expect(without).toMatchObject({ byTool: 0, recallCost: 0 });
    expect(outcome).toMatchObject({ cost: without.cost, inPrompt: without.inPrompt });
    expect(outcome.byTool).toBe(trace.facts.length - without.inPrompt);
    // The answer is written to the cache, and the prompt before it is read from there.
    const tokens = estimateCounter.countText(output);
    expect(outcome.recallCost).toBeGreaterThan(1.25 * tokens);
    expect(outcome.recallCost).toBeLessThan(1.25 * (tokens + 200) + 0.1 * outcome.largestPrompt + 500);
  });

  it('asks once for every step and once more, and shows everything where nothing is hidden', async () => {
    const steps = trace.turns.flatMap((turn) => turn.steps).length;
    const outcome = await runTrace(trace, noCompaction, 'openai');
    expect(outcome.turns.calls).toBe(steps + 1);
    expect(outcome).toMatchObject({ rewrites: 0, inPrompt: 30, retrievable: 30 });
    expect(outcome.summaries).toMatchObject({ calls: 0, cost: 0 });
    expect(outcome.cost).toBe(outcome.turns.cost);
  });

  it('shows what a window forgets', async () => {
    const outcome = await runTrace(trace, slidingWindow, 'openai');
    expect(outcome.rewrites).toBeGreaterThan(0);
    expect(outcome.retrievable).toBeLessThan(trace.facts.length);
    expect(outcome.largestPrompt).toBeLessThan(32_768);
  });

  it('bills summaries, and rewrites the prompt for each', async () => {
    const outcome = await runTrace(trace, everyTime, 'anthropic');
    expect(outcome.summaries.calls).toBeGreaterThan(3);
    expect(outcome.rewrites).toBe(outcome.summaries.calls);
    expect(outcome.cost).toBeCloseTo(outcome.turns.cost + outcome.summaries.cost);
    expect(outcome.inPrompt).toBe(trace.facts.length);
  });
});
