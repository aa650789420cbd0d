import { guardCall, ModelError, type ModelErrorData } from '@loci/core';
import { defineEmbeddingModel, type EmbeddingBatch } from '@loci/core/embedding';
import type { EmbeddingContext, EmbeddingScenario, EmbeddingSubject } from '@loci/testing/embedding';

type Vectors = EmbeddingBatch['vectors'];

const failures: { readonly [scenario in EmbeddingScenario]?: ModelErrorData } = {
  'rate-limit': { kind: 'rate-limit', scope: 'model', retry: 'same', retryAfterMs: 2000, status: 429 },
  'server-error': { kind: 'server', scope: 'provider', retry: 'same', status: 500 },
  unauthorized: { kind: 'auth', scope: 'credential', retry: 'other', status: 401 },
  'echoed-key': { kind: 'auth', scope: 'credential', retry: 'other', status: 401 },
  page: { kind: 'server', scope: 'provider', retry: 'same', status: 200 },
  reset: { kind: 'connection', scope: 'provider', retry: 'same' },
};

const changes: { readonly [scenario in EmbeddingScenario]?: (vectors: Vectors) => Vectors } = {
  shuffled: (vectors) => vectors.toReversed(),
  missing: (vectors) => vectors.slice(1),
  extra: (vectors) => [...vectors, ...vectors.slice(-1)],
  ragged: (vectors) => [...vectors.slice(1), { index: 0, vector: [1] }],
  garbage: (vectors) => [...vectors.slice(1), { index: 0, vector: [Number.NaN, 1, 1] }],
};

/** An embedding model with a vendor in the same process, which keeps every promise. */
export function goodEmbeddings({ scenario, clock }: EmbeddingContext): EmbeddingSubject {
  const held = Promise.withResolvers<void>();
  let requests = 0;
  let open = 0;
  const model = defineEmbeddingModel({
    provider: 'example',
    modelId: 'good',
    dimensions: 3,
    limits: { inputs: 2 },
    clock,
    async send(texts, options) {
      const guard = guardCall(options, {}, clock);
      requests++;
      open++;
      try {
        await new Promise((resolve) => setImmediate(resolve));
        const failure = failures[scenario];
        if (failure) throw new ModelError('The vendor failed.', failure);
        if (scenario === 'silent') {
          held.resolve();
          await new Promise((resolve) => guard.signal.addEventListener('abort', resolve));
          throw guard.failure;
        }
        const vectors = texts.map((text, index) => ({
          index,
          vector: [text.length, text.charCodeAt(0), text.charCodeAt(1)],
        }));
        return {
          vectors: (changes[scenario] ?? ((all: Vectors) => all))(vectors),
          usage:
            scenario === 'no-usage'
              ? null
              : { input: texts.length, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
        };
      } finally {
        open--;
        guard.close();
      }
    },
  });
  return {
    model,
    requests: () => requests,
    openConnections: () => open,
    whenHeld: () => held.promise,
    secret: 'sk-good-0123456789',
  };
}
