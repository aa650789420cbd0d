import { describe, expect, it } from 'vitest';
import { codingTrace } from '../src/compaction/coding-trace.js';
import { everyTime } from '../src/compaction/every-time.js';
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
  it('costs the same twice', async () => {
    const first = await runTrace(trace, slidingWindow, 'anthropic');
    expect(await runTrace(trace, slidingWindow, 'anthropic')).toEqual(first);
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
