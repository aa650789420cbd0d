import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  createMessage,
  defineModel,
  ModelError,
  type ModelTraits,
} from '@loci/core';
import type { Rates } from '@loci/prices';
import { createRouter } from '@loci/router';
import { createBudget } from '@loci/router/budget';

const features = {
  tools: 'yes',
  images: 'yes',
  files: 'yes',
  'output-schema': 'yes',
  reasoning: 'yes',
  system: 'yes',
  prefill: 'yes',
} as const;
const traits: ModelTraits = { features, contextWindow: 128_000, maxOutputTokens: 4096 };
const rates: Rates = { input: 1_000_000n, output: 4_000_000n };

/**
 * Calls a router with statistics, breaker, budget and a conversation of its own for each call. Answers the heap in use,
 * after collection, when a tenth of the calls were made and at the end, in bytes.
 */
export async function measureHeap(calls: number, signal: AbortSignal) {
  const router = createRouter({
    models: ['flaky', 'steady'].map((name, index) => ({
      model: instantModel(name, index === 0 ? 7 : Number.POSITIVE_INFINITY),
      price: { provider: 'instant', modelId: name, asOf: '2026-11-01', source: 'script', ...rates },
    })),
    optimizeFor: 'performance',
    // A pause would cost time and no memory.
    retry: { pauseMs: 0, cooldownMs: 0 },
    breaker: { failures: 1000, ratio: 1 },
    budget: createBudget({ limit: '1000000', per: 'total' }),
  });
  let early = 0;
  for (let call = 1; call <= calls; call++) {
    const request = toRequest(call);
    if (call % 2 === 0) await router.generate(request);
    else for await (const _ of router.stream(request));
    if (call % 1000 === 0) {
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (call === Math.ceil(calls / 10)) early = await heapInUse();
  }
  const late = await heapInUse();
  // What is held until here is what was measured.
  const { attempts } = router.statistics.of('instant/steady');
  return { early, late, attempts };
}

function toRequest(call: number): ChatRequest {
  const content = `Question ${call}`;
  return {
    messages: [createMessage({ id: `m${call}`, role: 'user', content, createdAt: call })],
    maxOutputTokens: 10,
    cache: { affinityKey: `conversation-${call}`, prefixEnds: [] },
  };
}

/** Answers at once; one call in `failing` fails. */
function instantModel(modelId: string, failing: number): ChatModel {
  let calls = 0;
  return defineModel({
    provider: 'instant',
    modelId,
    traits,
    async *stream() {
      if (++calls % failing === 0)
        throw new ModelError('It failed.', { kind: 'server', scope: 'model', retry: 'same' });
      yield { type: 'text-delta', partIndex: 0, text: 'yes' };
      const response: ChatResponse = {
        message: createMessage({ id: 'answer', role: 'assistant', content: 'yes', createdAt: 1 }),
        finishReason: 'stop',
        usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 },
        model: { provider: 'instant', modelId },
        warnings: [],
      };
      yield { type: 'finish', response };
    },
  });
}

async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return process.memoryUsage().heapUsed;
}
