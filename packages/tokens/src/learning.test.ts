import { createMemoryStore, createMessage, defineModel, type ModelTraits, openThread } from '@loci/core';
import { estimateCounter, withMemory } from '@loci/core/turn';
import { expect, it } from 'vitest';
import { calibrated } from './calibrated.js';
import { learning } from './learning.js';

const traits: ModelTraits = {
  features: {
    tools: 'yes',
    images: 'no',
    files: 'no',
    'output-schema': 'no',
    reasoning: 'no',
    system: 'yes',
    prefill: 'no',
  },
  contextWindow: 16_000,
  maxOutputTokens: 1000,
};

/** A scripted model (not a language model) whose vendor counts half as much again as the estimate. */
const vendor = defineModel({
  provider: 'scripted',
  modelId: 'script',
  traits,
  async *stream({ messages }) {
    const texts = messages.flatMap(({ content }) =>
      content.map((part) => (part.type === 'text' ? part.text : '')),
    );
    const counted = texts.reduce((sum, text) => sum + estimateCounter.countText(text), 0);
    yield {
      type: 'finish',
      response: {
        message: createMessage({ role: 'assistant', content: 'Noted, with thanks. '.repeat(30) }),
        finishReason: 'stop',
        usage: {
          input: Math.round(counted * 1.5) + 4 * messages.length,
          cacheRead: 0,
          cacheWrite: 0,
          output: 5,
          reasoning: 0,
        },
        model: { provider: 'scripted', modelId: 'script' },
        warnings: [],
      },
    };
  },
});

it('teaches a counter inside a model with memory', async () => {
  const counter = calibrated(estimateCounter);
  const model = learning(vendor, counter);
  expect(model).toMatchObject({ provider: 'scripted', modelId: 'script', traits });
  const thread = openThread({ store: createMemoryStore(), key: ['t'] });
  const chat = withMemory(model, { thread, counter });
  const question = 'The quick brown fox jumps over the lazy dog. '.repeat(40);
  for (let turn = 0; turn < 5; turn++)
    await chat.generate({ messages: [createMessage({ role: 'user', content: question })] });
  expect(counter.factor).toBeCloseTo(1.5, 1);
});
