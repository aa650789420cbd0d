import {
  type DeclaredGaps,
  type EmbeddingContext,
  type EmbeddingSubject,
  embeddingCaseIds,
  embeddingConformance,
  embeddingScenarios,
} from '@loci/testing/embedding';
import { describe, expect, it } from 'vitest';
import { brokenEmbeddings } from './broken/embeddings.js';
import { goodEmbeddings } from './broken/good-embeddings.js';
import { collectCases } from './collect-cases.js';

const kit = (create: (context: EmbeddingContext) => EmbeddingSubject, skip: DeclaredGaps = {}) =>
  collectCases((runner) => embeddingConformance(runner, { name: 'an embedding model', create, skip }));
const broken = (id: string) => (context: EmbeddingContext) =>
  brokenEmbeddings[id]?.(goodEmbeddings(context), context) ?? goodEmbeddings(context);

describe('the embedding kit', () => {
  it('is passed by a good model', async () => {
    expect(await kit(goodEmbeddings).failures()).toEqual([]);
  });

  it('has a broken model for every case, and no others', () => {
    expect(Object.keys(brokenEmbeddings).sort()).toEqual(['factory', ...embeddingCaseIds].sort());
  });

  it('fails a factory whose models share a vendor', async () => {
    expect((await kit(broken('factory')).run('factory')).error).toBeInstanceOf(Error);
  });

  it.concurrent.each(embeddingCaseIds)(
    'fails a model that breaks %s, unless the gap is declared',
    { timeout: 20_000 },
    async (id) => {
      const { error } = await kit(broken(id)).run(id);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(/^Not run/);
      expect((await kit(broken(id), { [id]: 'a reason' }).run(id)).error).toBeUndefined();
    },
  );

  it('plays every scenario in some case', async () => {
    const played = new Set<string>();
    await kit((context) => {
      played.add(context.scenario);
      return goodEmbeddings(context);
    }).failures();
    expect([...played].sort()).toEqual(Object.keys(embeddingScenarios).sort());
  });
});
