import { InvalidInputError } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { embeddingConformance } from '@loci/testing/embedding';
import { openAIEmbeddingScenarios } from '@loci/testing/openai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type OpenAIEmbeddingSettings, openaiEmbeddings } from '../src/embeddings.js';
import { failureOf, key, start } from './harness.js';

embeddingConformance(
  { describe, it, expect },
  {
    name: 'providers-openai/embeddings',
    create: openAIEmbeddingScenarios(({ url, apiKey, clock }) =>
      openaiEmbeddings('text-embedding-3-small', { baseUrl: url, apiKey, clock, dimensions: 64 }),
    ),
  },
);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('openaiEmbeddings', () => {
  it('asks for numbers, which every compatible server gives, and not for base64', async () => {
    const server = await start();
    const model = openaiEmbeddings('text-embedding-3-large', { baseUrl: server.url, apiKey: key });
    const { vectors, model: named } = await model.embed(['apple'], { purpose: 'query' });
    expect([model.dimensions, vectors[0]?.length, model.maxInputs]).toEqual([3072, 3072, 2048]);
    expect(named).toEqual({
      provider: 'openai',
      modelId: 'text-embedding-3-large',
      requestId: 'req_000000000001',
    });
    expect(server.requests).toMatchObject([
      {
        path: '/v1/embeddings',
        headers: { authorization: `Bearer ${key}` },
        body: { model: 'text-embedding-3-large', input: ['apple'], encoding_format: 'float' },
      },
    ]);
    expect(server.requests[0]?.rejected).toBeUndefined();
  });

  it('keeps every request within the tokens that the vendor takes, whatever the texts are', async () => {
    const server = await start();
    const model = openaiEmbeddings('local', { baseUrl: server.url, dimensions: 2 });
    const { vectors, usage } = await model.embed(Array.from({ length: 50 }, () => 'x'.repeat(30_000)));
    expect([vectors.length, server.requests.length, usage?.input]).toEqual([50, 5, 375_000]);
    expect(server.requests.every(({ rejected }) => rejected === undefined)).toBe(true);
  });

  it('says that a text is too long, and of a model that has no shorter vectors that it has none', async () => {
    const server = await start();
    const embed = (modelId: string, settings: OpenAIEmbeddingSettings, text: string) =>
      failureOf(openaiEmbeddings(modelId, { baseUrl: server.url, ...settings }).embed([text]));
    expect(await embed('text-embedding-3-small', {}, 'x'.repeat(40_000))).toMatchObject({
      kind: 'context-length',
    });
    expect(await embed('text-embedding-ada-002', { dimensions: 8 }, 'x')).toMatchObject({
      kind: 'invalid-request',
    });
  });

  it('takes vectors of another length than the model has for malformed', async () => {
    const server = await start({
      embeddings: (items) => items.map((item) => ({ ...item, embedding: [1, 2] })),
    });
    const model = openaiEmbeddings('text-embedding-3-small', { baseUrl: server.url });
    expect(await failureOf(model.embed(['apple']))).toMatchObject({ kind: 'malformed' });
  });

  it('waits no longer for the body than for the first content', async () => {
    const clock = createTestClock();
    const server = await start();
    server.setFault('slow-first-token');
    const model = openaiEmbeddings('text-embedding-3-small', { baseUrl: server.url, clock });
    const failed = failureOf(model.embed(['apple'], { timeouts: { firstContentMs: 1000 } }));
    await server.whenHeld();
    await clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(clock.pending()).toEqual([]);
  });

  it('sends a key of the environment to nobody that is named in code', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-the-environment');
    const server = await start();
    await openaiEmbeddings('local', { baseUrl: server.url }).embed(['apple']);
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it.each([
    ['settings.dimensions', { dimensions: 0 }],
    ['settings.project', { project: '' }],
    ['settings.baseUrl', { baseUrl: 'ftp://x' }],
  ])('refuses a wrong %s', (path, settings) => {
    expect(() => openaiEmbeddings('m', settings)).toThrow(
      expect.toSatisfy((error: unknown) => InvalidInputError.isInstance(error) && error.path === path),
    );
  });
});
