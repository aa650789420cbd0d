import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.js';
import { scoped } from './scoped.js';
import type { Change, Key, SearchIndex, Store } from './store.js';

async function keys(list: AsyncIterable<{ key: Key }>) {
  const found = [];
  for await (const { key } of list) found.push(key);
  return found;
}

describe('scoped', () => {
  it('never shows one scope to another, whatever the names are', async () => {
    const store = createMemoryStore();
    const names = ['a', 'a/', 'a/b', '..', '*', '', '__proto__', 'a%2Fb'];
    const scopes = names.map((name) => scoped(store, ['tenant', name]));
    for (const [index, scope] of scopes.entries()) {
      for (const name of names)
        await scope.documents.put([name], index, { expect: 'absent', operationId: 'o' });
      await scope.logs.append(['log'], [{ id: 'e', body: index }]);
    }
    for (const [index, scope] of scopes.entries()) {
      for (const name of names) expect((await scope.documents.get([name]))?.value).toBe(index);
      expect(await keys(scope.documents.list([]))).toHaveLength(names.length);
      expect(await keys(scope.logs.list([]))).toEqual([['log']]);
      expect(await keys(scope.documents.list([], { after: ['..'], limit: 1 }))).toHaveLength(1);
    }
    expect(await scopes[0]?.logs.delete(['log'])).toBe(true);
    expect(await scopes[1]?.logs.head(['log'])).toMatchObject({ seq: 1 });
  });

  it('tells of its own changes only, by its own keys', async () => {
    const store = createMemoryStore();
    const [a, b] = [scoped(store, ['a']), scoped(store, ['b'])] as [Store, Store];
    const controller = new AbortController();
    const seen: Change[] = [];
    const watching = (async () => {
      for await (const change of a.feed?.watch([], { signal: controller.signal }) ?? []) {
        seen.push(change);
        if (change.type === 'resync') {
          await b.documents.put(['x'], 1, { expect: 'any', operationId: 'o' });
          await store.documents.put(['a'], 1, { expect: 'any', operationId: 'o' });
          await a.documents.put(['y'], 1, { expect: 'any', operationId: 'o' });
        } else controller.abort();
      }
    })();
    await watching;
    expect(seen).toEqual([{ type: 'resync' }, { type: 'changed', target: 'document', key: ['y'] }]);
  });

  it('scopes the search index of a store that has one', async () => {
    const spaces: Key[] = [];
    const note = async (space: Key) => void spaces.push(space);
    const search: SearchIndex = {
      open: (space) => note(space).then(() => ({ cursor: undefined })),
      upsert: note,
      query: (space) => note(space).then(() => []),
      delete: note,
    };
    const mine = scoped({ ...createMemoryStore(), search }, ['t']);
    await mine.search?.open(['s'], { analyzer: 'a', dimensions: 0 });
    await mine.search?.upsert(['s'], [], { cursor: 'c' });
    await mine.search?.query(['s'], { limit: 1 });
    await mine.search?.delete(['s'], []);
    expect(spaces).toEqual(Array(4).fill(['t', 's']));
    expect(scoped(createMemoryStore(), ['t'])).not.toHaveProperty('search');
  });

  it('leaves the store open when it is closed', async () => {
    const store = createMemoryStore();
    await scoped(store, ['a']).close();
    expect(await store.documents.get(['a'])).toBeUndefined();
  });
});
