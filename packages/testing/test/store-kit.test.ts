import { createMemoryStore, type Store } from '@loci/core';
import { type CreateContext, type DeclaredGaps, storeCaseIds, storeConformance } from '@loci/testing/store';
import { describe, expect, it } from 'vitest';
import { withSearch } from './broken/mutation.js';
import { brokenStores } from './broken/stores.js';
import { collectCases } from './collect-cases.js';

const good = ({ clock }: CreateContext) => withSearch(createMemoryStore({ clock }));
const kit = (create: (context: CreateContext) => Store | Promise<Store>, skip: DeclaredGaps = {}) =>
  collectCases((runner) => storeConformance(runner, { name: 'a store', create, skip }));
const broken = (id: string) => (context: CreateContext) => brokenStores[id]?.(good(context)) ?? good(context);

describe('the store kit', () => {
  it('is passed by a good store, search included', async () => {
    expect(await kit(good).failures()).toEqual([]);
  });

  it('has a broken store for every case, and no others', () => {
    expect(Object.keys(brokenStores).sort()).toEqual([...storeCaseIds].sort());
    expect(new Set(storeCaseIds).size).toBe(storeCaseIds.length);
  });

  it.concurrent.each(storeCaseIds)(
    'fails a store that breaks %s, unless the gap is declared',
    { timeout: 20_000 },
    async (id) => {
      const { error } = await kit(broken(id)).run(id);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(/^Not run/);
      const declared = kit(broken(id), { [id]: 'a reason' });
      const { title, error: gap } = await declared.run(id);
      const always = /^(keys|isolation)\//.test(id);
      expect(title.includes('DECLARED GAP (a reason)')).toBe(!always);
      expect(gap === undefined).toBe(!always);
      expect((await declared.run('gaps')).error === undefined).toBe(!always);
    },
  );

  it('fails a declared gap that is none any more', async () => {
    const { error } = await kit(good, { 'logs/replay': 'not yet' }).run('logs/replay');
    expect(String(error)).toContain('“logs/replay” passes now. Take it out of `skip`.');
  });

  it.each([
    ['an unknown id', { 'logs/reply': 'a slip of the pen' }, 'No case has the id “logs/reply”'],
    ['a gap without a reason', { 'logs/replay': ' ' }, 'Say why “logs/replay” is a gap'],
    [
      'a gap that nobody may have',
      { 'keys/hostile': 'keys are hard' },
      'is not a gap that a plugin may have',
    ],
  ])('fails %s in `skip`', async (_, skip, message) => {
    expect(String((await kit(good, skip as DeclaredGaps).run('gaps')).error)).toContain(message);
  });

  it.each<[string, (context: CreateContext) => Store | Promise<Store>]>([
    [
      'rejects',
      () => {
        throw new Error('no server');
      },
    ],
    [
      'gives one store twice',
      (
        (store) => () =>
          store
      )(createMemoryStore()),
    ],
    ['gives stores that share their records', sharing()],
    [
      'gives stores that do not close',
      (context) => Object.freeze({ ...good(context), close: async () => ({ unsaved: [] }) }),
    ],
  ])('says of every case only that the factory is at fault where it %s', async (_, create) => {
    const cases = kit(create);
    const { error } = await cases.run('factory');
    expect(error).toBeInstanceOf(Error);
    for (const id of ['documents/missing', 'keys/hostile'])
      expect(String((await cases.run(id)).error)).toContain('See the case “factory”');
    const declared = await kit(create, { 'documents/missing': 'a reason' }).run('documents/missing');
    expect(declared.error).toBeInstanceOf(Error);
  });

  it('cleans up what a factory registers, last first, also where the case fails', async () => {
    const ended: number[] = [];
    const cases = kit((context) => {
      context.onEnd(() => void ended.push(1));
      context.onEnd(async () => void ended.push(2));
      return broken('documents/missing')(context);
    });
    expect((await cases.run('documents/missing')).error).toBeDefined();
    expect(ended).toEqual([2, 1, 2, 1, 2, 1]);
  });
});

function sharing(): (context: CreateContext) => Store {
  const store = createMemoryStore();
  return () => Object.freeze({ ...store });
}
