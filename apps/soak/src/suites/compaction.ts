import type { ChatRequest } from '@loci/core';
import { compaction as createCompaction, expand, undo } from '@loci/memory-compaction';
import { playAdversarialChat } from '@loci/testing/compaction';
import { createRandom } from '@loci/testing/conversations';
import type { Suite } from '../suite.js';
import { createDialects } from './conversations.js';

/** Random conversations whose summariser fails, hangs, lies and disobeys. */
export const compaction: Suite = {
  name: 'compaction',
  proves:
    'Whatever a summariser does, over 20 passes of a conversation nothing stored changes, system and pinned content stay, every request is legal on four dialects, the calls and the summary keep to their limits, the turn answers, and each pass expands and the last is undone exactly.',
  rounds: 1000,
  async run({ rounds, seed, progress, signal }) {
    const dialects = createDialects();
    const judge = (request: ChatRequest) => {
      const found = dialects
        .map((dialect) => ({ name: dialect.name, refusal: dialect.judge(dialect.convert(request)) }))
        .find(({ refusal }) => refusal !== undefined);
      return found && `${found.name}: ${JSON.stringify(found.refusal)}`;
    };
    const counts = { turns: 0, passes: 0, summaries: 0, summariserCalls: 0, requests: 0 };
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted();
      const { faults, ...outcome } = await playAdversarialChat({
        random: createRandom(seed + round),
        create: createCompaction,
        expand,
        undo,
        judge,
      });
      if (faults.length > 0) throw new Error(`round ${round}: ${faults.slice(0, 5).join('; ')}`);
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += outcome[name];
      progress(round);
    }
    return [
      { what: 'turns', count: counts.turns },
      { what: 'requests judged on four dialects', count: counts.requests },
      { what: 'passes, each expanded', count: counts.passes },
      { what: 'of them by the summariser', count: counts.summaries },
      { what: 'calls of the summariser', count: counts.summariserCalls },
    ];
  },
};
