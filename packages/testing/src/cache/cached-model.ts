import { type ChatModel, defineModel, type Part } from '@loci/core';
import { countMessage } from '@loci/core/turn';
import type { CachedCall, PrefixCache } from './create-prefix-cache.js';

/** What all calls that were answered came to. */
export interface CacheBill extends CachedCall {
  readonly calls: number;
}

export interface CachedModel extends ChatModel {
  /** So far. */
  bill(): CacheBill;
}

/**
 * The same model; its answers bear the usage that the simulated cache makes of request and answer, in place of their own.
 * Models over one cache share its entries, and each has a bill of its own. A call that fails or is left early is not billed
 * and leaves nothing in the cache.
 *
 * @example
 * const model = cachedModel(scriptedModel(['Hello.']), createPrefixCache({ vendor: 'openai', clock }));
 */
export function cachedModel(model: ChatModel, cache: PrefixCache): CachedModel {
  let total: CacheBill = { calls: 0, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, cost: 0 };
  const { provider, modelId, traits } = model;
  const defined = defineModel({
    provider,
    modelId,
    traits,
    async *stream(request, options) {
      for await (const event of model.stream(request, options)) {
        if (event.type !== 'finish') {
          yield event;
          continue;
        }
        const { content } = event.response.message;
        const call = cache.call(request, countMessage(cache.counter, { content }));
        total = add(total, call);
        const isReasoning = ({ type }: Part) => type === 'reasoning';
        const reasoning = content.some(isReasoning)
          ? countMessage(cache.counter, { content: content.filter(isReasoning) })
          : 0;
        const { cost: _, ...usage } = call;
        yield { type: 'finish', response: { ...event.response, usage: { ...usage, reasoning } } };
      }
    },
  });
  return Object.freeze({ ...defined, bill: () => total });
}

function add(total: CacheBill, call: CachedCall): CacheBill {
  return {
    calls: total.calls + 1,
    input: total.input + call.input,
    cacheRead: total.cacheRead + call.cacheRead,
    cacheWrite: total.cacheWrite + call.cacheWrite,
    output: total.output + call.output,
    cost: total.cost + call.cost,
  };
}
