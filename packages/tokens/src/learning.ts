import { type ChatModel, defineModel } from '@loci/core';
import type { CalibratedCounter } from './calibrated.js';

/**
 * The same model; the counter learns from every answer that reports its usage. Put it directly around the model that
 * calls the vendor, inside `withMemory`, so that it sees requests as they are sent.
 *
 * @example
 * const counter = calibrated(estimateCounter);
 * const chat = withMemory(learning(model, counter), { thread, counter });
 */
export function learning(model: ChatModel, counter: CalibratedCounter): ChatModel {
  const { provider, modelId, traits } = model;
  return defineModel({
    provider,
    modelId,
    traits,
    async *stream(request, options) {
      for await (const event of model.stream(request, options)) {
        if (event.type === 'finish') {
          await counter.load();
          counter.observe(request, event.response.usage);
        }
        yield event;
      }
    },
  });
}
