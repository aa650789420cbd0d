import { createMemoryStore, type Store } from '@loci/core';
import { deleteInactive } from '@loci/core/maintenance';
import { createTestClock } from '@loci/testing';
import { describe, expect, it, vi } from 'vitest';
import {
  encrypted,
  KeyErasedError,
  keyRing,
  rotate,
  type SubjectKeysOptions,
  subjectKeys,
} from '../src/index.js';
import {
  bodiesOf,
  bytes,
  dump,
  entries,
  expectError,
  newRing,
  oldRing,
  put,
  readValue,
  toArray,
} from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

const subjectOf: SubjectKeysOptions['subjectOf'] = ([kind, name]) =>
  kind === 'users' ? `${name}` : 'system';

/** One process: its own keys and store over the same two stores below. */
function open(below: { inner: Store; keyStore: Store }, more: Partial<SubjectKeysOptions> = {}) {
  const keys = subjectKeys({ store: below.keyStore, masterKeys: oldRing(), subjectOf, ...more });
  return { keys, store: encrypted(below.inner, { keys }) };
}
const below = () => ({ inner: createMemoryStore(), keyStore: createMemoryStore() });

async function fill(store: Store): Promise<void> {
  for (const name of ['ada', 'bob']) {
    await put(store, ['users', name], `about ${name}`, 'op');
    await store.logs.append(['users', name, 'chat'], entries(1, 3));
  }
  await put(store, ['settings'], 'of the system', 'op');
}

describe('keys per subject', () => {
  it('[A8] destroying a key erases all of its subject by name, and the others go on', async () => {
    const stores = below();
    const { keys, store } = open(stores);
    await fill(store);
    const copy = await dump(stores.inner);
    expect(await keys.destroy('ada')).toBe(true);
    const error = await store.documents.get(['users', 'ada']).catch((reason: unknown) => reason);
    expect(KeyErasedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'KEY_ERASED', key: ['users', 'ada'], seq: undefined });
    await expectError(toArray(store.logs.read(['users', 'ada', 'chat'])), {
      code: 'KEY_ERASED',
      key: ['users', 'ada', 'chat'],
      seq: 1,
    });
    expect(await readValue(store, ['users', 'bob'])).toBe('about bob');
    expect(await bodiesOf(store, ['users', 'bob', 'chat'])).toEqual([1, 2, 3]);
    expect(await readValue(store, ['settings'])).toBe('of the system');
    // Nothing was deleted: it is the key that is gone, here and for every copy.
    expect(await dump(stores.inner)).toBe(copy);
    await expectError(open(stores).store.documents.get(['users', 'ada']), { code: 'KEY_ERASED' });
    expect(await keys.destroy('ada')).toBe(false);
    expect(await keys.destroy('nobody')).toBe(false);
  });

  it('[A8] what is written after that has a new key, which does not read what was erased', async () => {
    const stores = below();
    const { keys, store } = open(stores);
    await fill(store);
    await keys.destroy('ada');
    await put(store, ['users', 'ada'], 'back again', 'op-2');
    await store.logs.append(['users', 'ada', 'chat'], entries(4, 4));
    const again = open(stores);
    expect(await readValue(again.store, ['users', 'ada'])).toBe('back again');
    await expectError(toArray(again.store.logs.read(['users', 'ada', 'chat'])), {
      code: 'KEY_ERASED',
      seq: 1,
    });
    expect(await toArray(again.store.logs.read(['users', 'ada', 'chat'], { from: 4 }))).toMatchObject([
      { body: 4 },
    ]);
    expect(await again.keys.destroy('ada')).toBe(true);
    await expectError(again.store.documents.get(['users', 'ada']), { code: 'KEY_ERASED' });
  });

  it('[A8] a rotation reports what was erased, and makes no new key for it', async () => {
    const stores = below();
    const { keys, store } = open(stores);
    await fill(store);
    await keys.destroy('ada');
    const before = await dump(stores.keyStore);
    const { failed, current } = await rotate(stores.inner, { keys });
    expect(current).toBe(5);
    expect(failed.map(({ code, seq }) => [code, seq])).toEqual([
      ['KEY_ERASED', undefined],
      ...[1, 2, 3].map((seq) => ['KEY_ERASED', seq]),
    ]);
    expect(await dump(stores.keyStore)).toBe(before);
  });

  it('are kept encrypted by the master key, and nothing of them stays when they are destroyed', async () => {
    const stores = below();
    const { keys, store } = open(stores);
    await fill(store);
    const wrapped = await dump(stores.keyStore);
    expect(wrapped).not.toContain('loci-subject-key"');
    const { value } = (await encrypted(stores.keyStore, { keys: oldRing() }).documents.get([
      'loci-subject-keys',
      'ada',
    ])) as { value: unknown };
    const { key, id } = value as { key: string; id: string };
    expect(atob(key)).toHaveLength(32);
    await keys.destroy('ada');
    const left = await readValue(encrypted(stores.keyStore, { keys: oldRing() }), [
      'loci-subject-keys',
      'ada',
    ]);
    expect(left).toEqual({ format: 'loci-subject-key', version: 1, erased: [id] });
  });

  it('the master key can be rotated, and then only the new one is needed', async () => {
    const stores = below();
    await fill(open(stores).store);
    const rotating = open(stores, { masterKeys: newRing() });
    expect(await rotating.keys.rotateMaster()).toMatchObject({ documents: 3, failed: [], more: false });
    const onlyNew = keyRing({ current: 'k2', keys: { k2: bytes(2) } });
    expect(await readValue(open(stores, { masterKeys: onlyNew }).store, ['users', 'ada'])).toBe('about ada');
    await expectError(open(stores).store.documents.get(['users', 'ada']), {
      code: 'KEY_MISSING',
      key: ['loci-subject-keys', 'ada'],
    });
  });

  it('[A8] another process uses a destroyed key no longer than `cacheMs`', async () => {
    const stores = below();
    const clock = createTestClock();
    const one = open(stores, { clock });
    const other = open(stores, { clock, cacheMs: 1000 });
    const careful = open(stores, { clock, cacheMs: 0 });
    await fill(one.store);
    const read = ({ store }: typeof one) => store.documents.get(['users', 'ada']);
    for (const process of [other, careful]) expect((await read(process))?.value).toBe('about ada');
    await one.keys.destroy('ada');
    await expectError(read(one), { code: 'KEY_ERASED' });
    await expectError(read(careful), { code: 'KEY_ERASED' });
    await clock.advance(999);
    expect((await read(other))?.value).toBe('about ada');
    await clock.advance(1);
    await expectError(read(other), { code: 'KEY_ERASED' });
  });

  it('are looked up once for many calls, and at once where another process has made one', async () => {
    const stores = below();
    let gets = 0;
    const keyStore: Store = {
      ...stores.keyStore,
      documents: {
        ...stores.keyStore.documents,
        get: (...args) => {
          gets++;
          return stores.keyStore.documents.get(...args);
        },
      },
    };
    const one = open({ ...stores, keyStore });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => put(one.store, ['users', 'ada', `${index}`], 1, 'op')),
    );
    expect(gets).toBe(1);
    const other = open(stores);
    // The other process finds no key for bob and remembers that, before the first one makes it.
    expect(await other.keys.get('any', ['users', 'bob'])).toBeUndefined();
    await put(one.store, ['users', 'bob'], 'new', 'op');
    expect(await readValue(other.store, ['users', 'bob'])).toBe('new');
  });

  it('of no more than 1,000 subjects are remembered', async () => {
    const stores = below();
    const looked: string[] = [];
    const keyStore: Store = {
      ...stores.keyStore,
      documents: {
        ...stores.keyStore.documents,
        get: (key, options) => {
          looked.push(`${key.at(-1)}`);
          return stores.keyStore.documents.get(key, options);
        },
      },
    };
    const { store } = open({ ...stores, keyStore });
    for (let index = 0; index <= 1001; index++) await put(store, ['users', `${index}`], index, 'op');
    looked.length = 0;
    for (const name of ['1001', '1000', '0'])
      expect(await readValue(store, ['users', name])).toBe(Number(name));
    expect(looked).toEqual(['0']);
  });

  it('[A8] what was erased can be deleted, by name or by age in the store below', async () => {
    const clock = createTestClock();
    const stores = { inner: createMemoryStore({ clock }), keyStore: createMemoryStore() };
    const { keys, store } = open(stores, { clock });
    await fill(store);
    await keys.destroy('ada');
    expect(await store.documents.delete(['users', 'ada'], { expect: 'any' })).toBe(true);
    expect(await store.documents.get(['users', 'ada'])).toBeUndefined();
    await keys.destroy('bob');
    await clock.advance(1000);
    const options = { prefix: ['users'], olderThanMs: 1000, clock };
    const { failed } = await deleteInactive(store, options);
    expect(failed).toMatchObject([
      { kind: 'document', key: ['users', 'bob'], error: { code: 'KEY_ERASED' } },
    ]);
    expect(await deleteInactive(stores.inner, options)).toMatchObject({
      documents: [['users', 'bob']],
      failed: [],
    });
    expect(await readValue(store, ['settings'])).toBe('of the system');
  });

  it('two processes that need the key of a new subject at the same time agree on one', async () => {
    const stores = below();
    const processes = Array.from({ length: 5 }, () => open(stores));
    await Promise.all(
      processes.map(({ store }, index) => put(store, ['users', 'ada', `${index}`], index, 'op')),
    );
    for (let index = 0; index < 5; index++)
      expect(await readValue(open(stores).store, ['users', 'ada', `${index}`])).toBe(index);
    expect(await toArray(stores.keyStore.documents.list([]))).toHaveLength(1);
  });

  it('a key that was deleted or cannot be read is reported as what it is, and can still be destroyed', async () => {
    const stores = below();
    await fill(open(stores).store);
    const name = ['loci-subject-keys', 'ada'];
    await put(stores.keyStore, name, 'damaged', 'op-2');
    const { keys, store } = open(stores);
    await expectError(store.documents.get(['users', 'ada']), { code: 'DAMAGED_RECORD', key: name });
    await expectError(put(store, ['users', 'ada'], 'new', 'op-2'), { code: 'DAMAGED_RECORD', key: name });
    expect(await readValue(store, ['users', 'bob'])).toBe('about bob');
    expect(await keys.destroy('ada')).toBe(true);
    await expectError(store.documents.get(['users', 'ada']), { code: 'KEY_MISSING', key: ['users', 'ada'] });
    for (const bad of [{}, { format: 'loci-subject-key', version: 1, erased: [], id: 'i', key: 'short' }]) {
      await put(encrypted(stores.keyStore, { keys: oldRing() }), name, bad, JSON.stringify(bad));
      await expectError(open(stores).store.documents.get(['users', 'ada']), {
        code: 'DAMAGED_RECORD',
        key: name,
      });
    }
    const newer = { format: 'loci-subject-key', version: 2, erased: [] };
    await put(encrypted(stores.keyStore, { keys: oldRing() }), name, newer, 'newer');
    await expectError(open(stores).store.documents.get(['users', 'ada']), { code: 'UNKNOWN_VERSION' });
    await expectError(open(stores).keys.destroy('ada'), { code: 'UNKNOWN_VERSION' });
  });

  it('a subject that is no id is refused', async () => {
    const { keys, store } = open(below(), { subjectOf: () => '' });
    await expectError(put(store, ['users', 'ada'], 1, 'op'), { code: 'INVALID_INPUT' });
    await expectError(keys.destroy(''), { code: 'INVALID_INPUT' });
  });
});
