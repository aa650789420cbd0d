import { playAdversarialChat } from '@loci/testing/compaction';
import { createRandom } from '@loci/testing/conversations';
import { describe, expect, it } from 'vitest';
import { compaction, expand, undo } from '../src/index.js';
import { judgeOnAllDialects } from './dialects.js';

describe('an adversarial summariser', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index + 1))(
    '[D4] [D5] [D6] [D8] breaks nothing over 20 generations of a random conversation: %i',
    { timeout: 30_000 },
    async (seed) => {
      const outcome = await playAdversarialChat({
        random: createRandom(seed),
        create: compaction,
        expand,
        undo,
        judge: judgeOnAllDialects,
      });
      expect(outcome.faults).toEqual([]);
      expect(outcome.passes).toBeGreaterThanOrEqual(20);
    },
  );
});
