import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { compaction } from '../src/index.js';
import { filler, longThread, narrow, summariser } from './support.js';

describe('calls of the summariser', () => {
  it.each([1, 2, 3, 4, 5, 8, 12, 20])(
    '[D2] [D5] are at most maxSummaryCalls in one pass, a reminder and the making one of notes included: %i',
    async (maxSummaryCalls) => {
      // Of each call others, so that the notes of notes are no echo.
      const notes = (call: number) =>
        Array.from({ length: 30 }, (_, index) => `- Value ${index * 7919 + call * 31} of part ${call}.`).join(
          '\n',
        );
      for (const isFirstRefused of [false, true]) {
        const thread = await longThread(200);
        const model = scriptedModel((_, call) =>
          isFirstRefused && call === 0 ? '' : `## Facts\n${notes(call)}`,
        );
        const memory = compaction({
          summaryModel: narrow(model, 4600),
          preserveLastMessages: 2,
          summaryMaxTokens: 800,
          maxSummaryCalls,
        });
        const applied = await memory.compact(thread).catch(() => undefined);
        expect(model.requests.length).toBeLessThanOrEqual(maxSummaryCalls);
        if (applied?.outcome === 'applied') expect(applied.details.calls).toBe(model.requests.length);
      }
    },
  );

  it('[D5] [D6] a single message that cannot be read in so many calls is told by a digest, and nobody is asked', async () => {
    const thread = await longThread(3, filler.repeat(100));
    const model = summariser();
    const memory = compaction({
      summaryModel: narrow(model, 4600),
      preserveLastMessages: 1,
      summaryMaxTokens: 400,
      maxSummaryCalls: 3,
    });
    const result = await memory.compact(thread);
    expect(model.requests).toHaveLength(0);
    expect(result).toMatchObject({ outcome: 'applied', details: { action: 'digest', calls: 0 } });
  });
});
