import { type CompactionOptions, compaction, recallTool } from '@loci/memory-compaction';
import type { Contender, Stage } from './contender.js';
import { discount } from './run-trace.js';
import { remembering } from './with-memories.js';

/** Our compaction with its recall tool, told the rates and the lifetime of the vendor's cache. */
function compacting(name: string, options: (stage: Stage) => CompactionOptions): Contender {
  return remembering(name, true, (stage, thread, randomId) => {
    const { clock, rates, lifetimeMs, model } = stage;
    const cheapRates = {
      input: rates.input * discount,
      cacheRead: rates.cacheRead * discount,
      cacheWrite: rates.cacheWrite * discount,
      output: rates.output * discount,
    };
    const recall = recallTool(thread);
    const { name: toolName, description, inputSchema } = recall;
    return {
      memory: compaction({
        clock,
        randomId,
        rates: ({ modelId }) => (modelId === model.modelId ? rates : cheapRates),
        cacheTtlMs: lifetimeMs,
        ...options(stage),
      }),
      tools: [{ name: toolName, description, inputSchema }],
      recall: async (subject) => {
        const input = { query: subject.replace(' of the ', ' ') };
        return { toolName, input, output: JSON.stringify(await recall.run(input)) };
      },
    };
  });
}

/** The one that is compared. */
export const oursCheap = compacting('ours, preset cheap', () => ({ preset: 'cheap' }));

/** Summarised by the same model, at the same price. */
export const oursDefaults = compacting('ours, defaults', () => ({}));

export const ours: readonly Contender[] = [
  oursCheap,
  compacting('ours, cheap, summariser at a fifth', ({ cheapModel }) => ({
    preset: 'cheap',
    summaryModel: cheapModel,
  })),
  oursDefaults,
];
