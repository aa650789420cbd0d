import { RunnableLambda } from '@langchain/core/runnables';
import { type ChatEvent, type ChatModel, type ChatResponse, createMessage, defineModel } from '@loci/core';
import { priceTable } from '@loci/prices';
import { createRouter } from '@loci/router';
import { generateText, type LanguageModel } from 'ai';
import { createFallback } from 'ai-fallback';
import { alternate, median, type Probe } from '../measure.js';
import type { Row, Suite } from '../suite.js';
import { traits } from './constant-model.js';

/** Calls that are timed together: so many that each pays for its own garbage, and not for that of the peer before it. */
const block = 1000;
const rounds = 60;
const chunks = 10_000;

const response: ChatResponse = {
  message: createMessage({ role: 'assistant', content: 'Hello.' }),
  finishReason: 'stop',
  usage: { input: 100, cacheRead: 0, cacheWrite: 0, output: 50, reasoning: 0 },
  model: { provider: 'bench', modelId: 'instant' },
  warnings: [],
};
const request = { messages: [createMessage({ role: 'user', content: 'Hello?' })] };

/** What a call costs beyond the model, with statistics, breaker, prices and events on. */
export const router: Suite = {
  name: 'router',
  measures:
    'what a router adds to a call and to a chunk, beside LangChain’s fallbacks, the AI SDK and ai-fallback in the same run',
  async run({ progress }) {
    progress('calls');
    const taken = await alternate(callProbes(), rounds);
    progress('chunks');
    const streamed = await alternate(chunkProbes(), rounds);
    const us = (values: readonly number[]) => median(values) * 1000;
    const call = {
      direct: us(taken.direct),
      router: us(taken.router),
      langchain: us(taken.langchain),
      fallbacks: us(taken.fallbacks),
      generateText: us(taken.generateText),
      aiFallback: us(taken.aiFallback),
    };
    const added = median(taken.router.map((value, round) => value - (taken.direct[round] ?? 0))) * 1000;
    const addedByLangChain =
      median(taken.fallbacks.map((value, round) => value - (taken.langchain[round] ?? 0))) * 1000;
    const perChunk =
      (median(streamed.router.map((value, round) => value - (streamed.direct[round] ?? 0))) * 1000) / chunks;
    const row = (what: string, µs: number): Row => ({
      table: 'per call, µs',
      what,
      µs: Number(µs.toFixed(2)),
    });
    return {
      rows: [
        row('the instant model alone', call.direct),
        row('through the router', call.router),
        row('added by the router', added),
        row('a LangChain runnable alone', call.langchain),
        row('the same withFallbacks', call.fallbacks),
        row('added by withFallbacks', addedByLangChain),
        row('generateText of the AI SDK', call.generateText),
        row('generateText over ai-fallback', call.aiFallback),
        { table: 'per chunk, µs', what: 'added by the router', µs: Number(perChunk.toFixed(3)) },
      ],
      checks: [
        {
          id: 'router/added by withFallbacks',
          value: added / addedByLangChain,
          limit: 0.3,
          unit: 'ratio',
        },
        { id: 'router/generateText', value: added / call.generateText, limit: 0.2, unit: 'ratio' },
        { id: 'router/chunk', value: perChunk, limit: 0.3, unit: 'µs' },
      ],
    };
  },
};

function openRouter(model: ChatModel) {
  const price = { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 10 };
  return createRouter({
    models: [
      { id: 'one', model },
      { id: 'two', model },
    ],
    prices: priceTable({ asOf: '2026-11-20', source: 'bench', models: { bench: { instant: price } } }),
    onEvent: () => {},
  });
}

function callProbes(): Readonly<
  Record<'direct' | 'router' | 'langchain' | 'fallbacks' | 'generateText' | 'aiFallback', Probe>
> {
  const model = instantModel([]);
  const routed = openRouter(model);
  const runnable = RunnableLambda.from(async () => response);
  const withFallbacks = runnable.withFallbacks([RunnableLambda.from(async () => response)]);
  const [alone, fallback] = [instantPeer(), createFallback({ models: [instantPeer(), instantPeer()] })];
  return {
    direct: calls(() => model.generate(request)),
    router: calls(() => routed.generate(request)),
    langchain: calls(() => runnable.invoke('Hello?')),
    fallbacks: calls(() => withFallbacks.invoke('Hello?')),
    generateText: calls(() => generateText({ model: alone, prompt: 'Hello?' })),
    aiFallback: calls(() => generateText({ model: fallback, prompt: 'Hello?' })),
  };
}

function chunkProbes(): Readonly<Record<'direct' | 'router', Probe>> {
  const deltas = Array.from(
    { length: chunks },
    (_, index): ChatEvent => ({ type: 'text-delta', partIndex: 0, text: `w${index} ` }),
  );
  const model = instantModel(deltas);
  const routed = openRouter(model);
  return { direct: () => read(model), router: () => read(routed) };
}

/** Answers at once, and is no language model. */
function instantModel(deltas: readonly ChatEvent[]): ChatModel {
  return defineModel({
    provider: 'bench',
    modelId: 'instant',
    traits,
    async *stream() {
      yield* deltas;
      yield { type: 'finish', response };
    },
  });
}

/** The same for the AI SDK. */
function instantPeer(): Exclude<LanguageModel, string> & { readonly specificationVersion: 'v4' } {
  return {
    specificationVersion: 'v4',
    provider: 'bench',
    modelId: 'instant',
    supportedUrls: {},
    doGenerate: async () => ({
      content: [{ type: 'text', text: 'Hello.' }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 100, noCache: 100, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 50, text: 50, reasoning: 0 },
      },
      warnings: [],
    }),
    doStream: () => Promise.reject(new Error('Nothing is streamed here.')),
  };
}

/** Milliseconds of one call, of a block of them. */
function calls(run: () => Promise<unknown>): Probe {
  return async () => {
    const start = performance.now();
    for (let call = 0; call < block; call++) await run();
    return (performance.now() - start) / block;
  };
}

async function read(model: ChatModel): Promise<number> {
  const start = performance.now();
  let events = 0;
  for await (const _ of model.stream(request)) events++;
  if (events !== chunks + 1) throw new Error(`${events} events came.`);
  return performance.now() - start;
}
