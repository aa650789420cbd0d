import { type ChatModel, createMessage, defineModel, type ModelTraits } from '@loci/core';

/** Of every model that answers at once. */
export const traits: ModelTraits = {
  features: {
    tools: 'yes',
    images: 'yes',
    files: 'yes',
    'output-schema': 'yes',
    reasoning: 'no',
    system: 'yes',
    prefill: 'no',
  },
  contextWindow: 128_000,
  maxOutputTokens: 4096,
};

/** Answers the same at once (it is no language model), so that what is measured is everything around a model. */
export function constantModel(text: string): ChatModel {
  return defineModel({
    provider: 'bench',
    modelId: 'constant',
    traits,
    async *stream() {
      yield {
        type: 'finish',
        response: {
          message: createMessage({ role: 'assistant', content: text }),
          finishReason: 'stop',
          usage: { input: 100, cacheRead: 0, cacheWrite: 0, output: 50, reasoning: 0 },
          model: { provider: 'bench', modelId: 'constant' },
          warnings: [],
        },
      };
    },
  });
}
