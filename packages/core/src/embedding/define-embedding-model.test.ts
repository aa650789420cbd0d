import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEmbeddingModel, type EmbeddingBatch, type EmbeddingDefinition } from '../embedding.js';
import { type Clock, InvalidInputError, ModelError } from '../index.js';

const usage = { input: 1, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
const vectorOf = (text: string) => [text.length, text.codePointAt(0) ?? 0];

/** A model of vectors that tell their text, and what was sent of it. */
function model(more: Partial<EmbeddingDefinition> = {}) {
  const sent: (readonly string[])[] = [];
  const embeddings = defineEmbeddingModel({
    provider: 'example',
    modelId: 'lengths',
    async send(texts) {
      sent.push(texts);
      const vectors = texts.map((text, index) => ({ index, vector: vectorOf(text) }));
      return { vectors: vectors.toReversed(), usage };
    },
    ...more,
  });
  return { ...embeddings, sent };
}

/** A clock whose timers a test lets run. */
function stillClock() {
  const timers = new Map<symbol, () => void>();
  const clock: Clock = {
    now: () => 0,
    after(_, run) {
      const id = Symbol();
      timers.set(id, run);
      return () => timers.delete(id);
    },
  };
  const ring = () => {
    for (const run of timers.values()) run();
  };
  return { clock, timers, ring };
}

describe('defineEmbeddingModel', () => {
  it('gives every text its vector, in order, in requests that keep the limits', async () => {
    const given = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        given,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 60 }),
        async (texts, inputs, tokens) => {
          const { embed, sent } = model({ limits: { inputs, tokens } });
          const { vectors } = await embed(texts);
          expect(vectors).toEqual(texts.map(vectorOf));
          expect(sent.flat()).toEqual(texts);
          for (const batch of sent) {
            expect(batch.length).toBeLessThanOrEqual(inputs);
            const bytes = new TextEncoder().encode(batch.join('')).length;
            expect(bytes <= tokens || batch.length === 1).toBe(true);
          }
        },
      ),
    );
  });

  it('sums usage and warnings, and names the vendor’s own model', async () => {
    const warnings = [{ code: 'purpose', message: 'Ignored.' }];
    const { embed } = model({
      limits: { inputs: 1 },
      send: async () => ({
        vectors: [{ index: 0, vector: [1] }],
        usage,
        warnings,
        modelId: 'lengths-2',
        requestId: 'r',
      }),
    });
    expect(await embed(['a', 'b', 'c'])).toEqual({
      vectors: [[1], [1], [1]],
      usage: { ...usage, input: 3 },
      model: { provider: 'example', modelId: 'lengths-2', requestId: 'r' },
      warnings: [...warnings, ...warnings, ...warnings],
    });
  });

  it('hands on what the texts are for, and the time-outs of a request', async () => {
    const given: unknown[] = [];
    const { embed } = model({
      async send(_, options) {
        given.push(options);
        return { vectors: [{ index: 0, vector: [1] }], usage };
      },
    });
    await embed(['a'], { purpose: 'query', timeouts: { headersMs: 5, totalMs: 9 } });
    expect(given).toEqual([
      { purpose: 'query', timeouts: { headersMs: 5 }, signal: expect.any(AbortSignal) },
    ]);
  });

  it('keeps the total for all requests together, its own where the call has none', async () => {
    const { clock, timers, ring } = stillClock();
    let requests = 0;
    const { embed } = model({
      clock,
      limits: { inputs: 1 },
      timeouts: { totalMs: 100 },
      async send() {
        requests++;
        if (requests === 2) ring();
        return { vectors: [{ index: 0, vector: [1] }], usage };
      },
    });
    await expect(embed(['a', 'b', 'c'])).rejects.toMatchObject({ kind: 'timeout' });
    expect(requests).toBe(2);
    expect(timers.size).toBe(0);
  });

  it('ends for its caller also where the vendor does not hear of it', async () => {
    const controller = new AbortController();
    const { embed } = model({ send: () => new Promise<never>(() => {}) });
    const asked = embed(['a'], { signal: controller.signal });
    controller.abort('enough');
    await expect(asked).rejects.toMatchObject({ kind: 'aborted', cause: 'enough' });
  });

  it.each<[string, EmbeddingBatch['vectors']]>([
    ['none at all', undefined as unknown as []],
    [
      'one twice',
      [
        { index: 0, vector: [1] },
        { index: 0, vector: [1] },
      ],
    ],
    [
      'one of no text',
      [
        { index: 0, vector: [1] },
        { index: 2, vector: [1] },
      ],
    ],
    [
      'an index that is none',
      [
        { index: 0, vector: [1] },
        { index: 'length' as unknown as 1, vector: [1] },
      ],
    ],
    [
      'an empty one',
      [
        { index: 0, vector: [] },
        { index: 1, vector: [] },
      ],
    ],
    [
      'an infinite one',
      [
        { index: 0, vector: [1] },
        { index: 1, vector: [Number.POSITIVE_INFINITY] },
      ],
    ],
    [
      'two lengths',
      [
        { index: 0, vector: [1] },
        { index: 1, vector: [1, 2] },
      ],
    ],
    ['no pair', [null as unknown as { index: 0; vector: [] }, { index: 1, vector: [1] }]],
  ])('takes an answer with %s for malformed', async (_, vectors) => {
    const { embed } = model({ send: async () => ({ vectors, usage }) });
    await expect(embed(['a', 'b'])).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('takes vectors for malformed that are not as long as it says, or as those of another request', async () => {
    await expect(model({ dimensions: 3 }).embed(['a'])).rejects.toMatchObject({ kind: 'malformed' });
    let length = 1;
    const { embed } = model({
      limits: { inputs: 1 },
      send: async () => ({
        vectors: [{ index: 0, vector: Array.from({ length: length++ }, () => 1) }],
        usage,
      }),
    });
    await expect(embed(['a', 'b'])).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('gives a foreign error as malformed, with its cause, and one of its own as it is', async () => {
    const cause = new TypeError('x is not a function');
    const failing = (error: Error) => model({ send: () => Promise.reject(error) }).embed(['a']);
    await expect(failing(cause)).rejects.toMatchObject({ kind: 'malformed', cause });
    const own = new ModelError('Slow down.', { kind: 'rate-limit', scope: 'model', retry: 'same' });
    await expect(failing(own)).rejects.toBe(own);
  });

  it('refuses what are no texts', async () => {
    const { embed, sent } = model();
    for (const texts of ['text', [7], ['']]) {
      await expect(embed(texts as string[])).rejects.toSatisfy(InvalidInputError.isInstance);
    }
    expect(sent).toEqual([]);
  });
});
