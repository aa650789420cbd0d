import { InvalidInputError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { embeddingConformance } from '@loci/testing/embedding';
import { mistralEmbeddingScenarios } from '@loci/testing/mistral';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mistralEmbeddings } from '../src/embeddings.js';
import { failureOf, key, start } from './harness.js';

embeddingConformance(
  { describe, it, expect },
  {
    name: 'providers-mistral/embeddings',
    create: mistralEmbeddingScenarios(({ url, apiKey, clock }) =>
      mistralEmbeddings('codestral-embed', { baseUrl: url, apiKey, clock, dimensions: 64 }),
    ),
  },
);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('mistralEmbeddings', () => {
  it('asks for the vectors of the model, or for shorter ones', async () => {
    const server = await start();
    const settings = { baseUrl: server.url, apiKey: key };
    const model = mistralEmbeddings('mistral-embed', settings);
    const { vectors, model: named } = await model.embed(['apple'], { purpose: 'query' });
    expect([model.dimensions, vectors[0]?.length, named.modelId]).toEqual([1024, 1024, 'mistral-embed']);
    expect(named.requestId).toMatch(/^019b98cb-/);
    const short = mistralEmbeddings('codestral-embed', { ...settings, dimensions: 16 });
    expect((await short.embed(['apple'])).vectors[0]).toHaveLength(16);
    expect(server.requests).toMatchObject([
      { path: '/v1/embeddings', body: { model: 'mistral-embed', input: ['apple'] } },
      { body: { output_dimension: 16 }, headers: { authorization: `Bearer ${key}` } },
    ]);
  });

  it('keeps every request within the tokens that the vendor takes, whatever the texts are', async () => {
    const server = await start();
    const model = mistralEmbeddings('mistral-embed', { baseUrl: server.url });
    const texts = Array.from({ length: 30 }, () => 'x'.repeat(6000));
    expect((await model.embed(texts)).usage?.input).toBe(45_000);
    expect(server.requests).toHaveLength(15);
    expect(server.requests.every(({ rejected }) => rejected === undefined)).toBe(true);
  });

  it('waits no longer for the body than for the first content', async () => {
    const clock = createTestClock();
    const server = await start();
    server.setFault('slow-first-token');
    const model = mistralEmbeddings('mistral-embed', { baseUrl: server.url, clock });
    const failed = failureOf(model.embed(['apple'], { timeouts: { firstContentMs: 1000 } }));
    await server.whenHeld();
    await clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(clock.pending()).toEqual([]);
  });

  it('sends a key of the environment to nobody that is named in code', async () => {
    vi.stubEnv('MISTRAL_API_KEY', 'from-the-environment');
    const server = await start();
    await mistralEmbeddings('local', { baseUrl: server.url }).embed(['apple']);
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('refuses wrong settings', () => {
    expect(() => mistralEmbeddings('m', { dimensions: 1.5 })).toThrow(
      expect.toSatisfy(InvalidInputError.isInstance),
    );
  });
});
