import {
  type DeclaredGaps,
  type ModelContext,
  type ModelSubject,
  modelCaseIds,
  modelConformance,
  modelScenarios,
} from '@loci/testing/model';
import { describe, expect, it } from 'vitest';
import { goodModel } from './broken/good-model.js';
import { brokenModels } from './broken/models.js';
import { collectCases } from './collect-cases.js';

const kit = (create: (context: ModelContext) => ModelSubject, skip: DeclaredGaps = {}) =>
  collectCases((runner) => modelConformance(runner, { name: 'a model', create, skip }));
const broken = (id: string) => (context: ModelContext) =>
  brokenModels[id]?.(goodModel(context), context) ?? goodModel(context);

describe('the model kit', () => {
  it('is passed by a good model', async () => {
    expect(await kit(goodModel).failures()).toEqual([]);
  });

  it('has a broken model for every case, and no others', () => {
    expect(Object.keys(brokenModels).sort()).toEqual([...modelCaseIds].sort());
  });

  it.concurrent.each(modelCaseIds)(
    'fails a model that breaks %s, unless the gap is declared',
    { timeout: 20_000 },
    async (id) => {
      const { error } = await kit(broken(id)).run(id);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(/^Not run/);
      expect((await kit(broken(id), { [id]: 'a reason' }).run(id)).error).toBeUndefined();
    },
  );

  it('fails a declared gap that is none any more', async () => {
    const { error } = await kit(goodModel, { 'usage/null': 'it always knows' }).run('usage/null');
    expect(String(error)).toContain('“usage/null” passes now');
  });

  it('plays every scenario in some case', async () => {
    const played = new Set<string>();
    await kit((context) => {
      played.add(context.scenario);
      return goodModel(context);
    }).failures();
    expect([...played].sort()).toEqual(Object.keys(modelScenarios).sort());
  });
});
