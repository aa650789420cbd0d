import { createMemoryStore, InvalidInputError, type Key, type Store } from '@loci/core';
import { describe, expect, it } from 'vitest';
import {
  DecryptionError,
  encrypted,
  KeyErasedError,
  KeyMissingError,
  type Keys,
  keyRing,
  rotate,
  subjectKeys,
} from '../src/index.js';
import { bytes, dump, entries, expectError, newRing, oldRing, put, readValue, toArray } from './tools.js';

async function written(keys: Keys): Promise<Store> {
  const inner = createMemoryStore();
  const store = encrypted(inner, { keys });
  await put(store, ['d'], 'secret', 'op');
  await store.logs.append(['l'], entries(1, 3));
  return inner;
}

describe('a key that is not known', () => {
  it('[A8] is named with the record, and nothing that is stored changes', async () => {
    const inner = await written(newRing());
    const before = await dump(inner);
    const store = encrypted(inner, { keys: oldRing() });
    const found = await store.documents.get(['d']).catch((error: unknown) => error);
    expect(KeyMissingError.isInstance(found)).toBe(true);
    expect(found).toMatchObject({ code: 'KEY_MISSING', key: ['d'], seq: undefined, keyId: 'k2' });
    await expectError(toArray(store.logs.read(['l'])), {
      code: 'KEY_MISSING',
      key: ['l'],
      seq: 1,
      keyId: 'k2',
    });
    const { failed } = await rotate(inner, { keys: oldRing() });
    expect(failed).toHaveLength(4);
    expect(await dump(inner)).toBe(before);
    expect(await readValue(encrypted(inner, { keys: newRing() }), ['d'])).toBe('secret');
  });

  it('[A8] keeps a writer that compares and sets from writing over what it could not read', async () => {
    const inner = await written(newRing());
    const before = await dump(inner);
    const store = encrypted(inner, { keys: oldRing() });
    const options = { expect: 'absent', operationId: 'op-2' } as const;
    await expectError(store.documents.put(['d'], 'mine', options), { code: 'CONFLICT' });
    expect(await dump(inner)).toBe(before);
  });
});

it('[A8] another key under the same id is noticed, and nothing that is stored changes', async () => {
  const inner = await written(keyRing({ current: 'k1', keys: { k1: bytes(7) } }));
  const before = await dump(inner);
  const store = encrypted(inner, { keys: oldRing() });
  const found = await store.documents.get(['d']).catch((error: unknown) => error);
  expect(DecryptionError.isInstance(found)).toBe(true);
  expect(found).toMatchObject({ code: 'DECRYPTION', key: ['d'], keyId: 'k1' });
  await expectError(toArray(store.logs.read(['l'])), { code: 'DECRYPTION', key: ['l'], seq: 1 });
  expect((await rotate(inner, { keys: newRing() })).failed.map(({ code }) => code)).toEqual(
    Array(4).fill('DECRYPTION'),
  );
  expect(await dump(inner)).toBe(before);
});

describe('keys from somewhere else', () => {
  const aes = (length: number) =>
    crypto.subtle.generateKey({ name: 'AES-GCM', length }, false, ['encrypt', 'decrypt']);

  it('may be keys that never leave the platform, and are asked for once in a call', async () => {
    const key = await aes(256);
    const asked: string[] = [];
    const keys: Keys = {
      current: (name) => {
        asked.push(`current ${name.join('/')}`);
        return { id: 'kms', key };
      },
      get: (id, name) => {
        asked.push(`${id} ${name.join('/')}`);
        return id === 'kms' ? key : undefined;
      },
    };
    const store = encrypted(await written(keys), { keys });
    asked.length = 0;
    await store.logs.append(['l'], entries(4, 50));
    expect(await toArray(store.logs.read(['l']))).toHaveLength(50);
    expect(await readValue(store, ['d'])).toBe('secret');
    expect(asked).toEqual(['current l', 'kms l', 'kms d']);
  });

  it('that cannot be fetched make the store unavailable, and nothing is written', async () => {
    const cause = new Error('the network is down');
    const fail = () => Promise.reject(cause);
    const inner = await written(oldRing());
    const before = await dump(inner);
    const store = encrypted(inner, { keys: { current: fail, get: fail } });
    await expectError(store.documents.get(['d']), { code: 'STORE_UNAVAILABLE', cause });
    await expectError(put(store, ['d'], 1, 'op-2'), { code: 'STORE_UNAVAILABLE', cause });
    await expectError(store.logs.append(['l'], entries(4, 4)), { code: 'STORE_UNAVAILABLE', cause });
    expect(await dump(inner)).toBe(before);
  });

  it('are not waited for when the signal is aborted', async () => {
    const stop = new AbortController();
    const never = () => new Promise<never>(() => {});
    const store = encrypted(await written(oldRing()), { keys: { current: never, get: never } });
    const options = { signal: stop.signal };
    const works = [
      store.documents.get(['d'], options),
      store.documents.put(['d'], 1, { expect: 'any', operationId: 'op-2', ...options }),
      store.logs.append(['l'], entries(4, 4), options),
      toArray(store.logs.read(['l'], options)),
    ];
    const reason = new Error('enough');
    stop.abort(reason);
    for (const work of works) await expect(work).rejects.toBe(reason);
  });

  it('that are no AES keys of 256 bits are refused', async () => {
    const weak = await aes(128);
    for (const key of [new Uint8Array(16), weak, 'secret' as never, undefined as never]) {
      const keys: Keys = { current: () => ({ id: 'k', key }), get: () => undefined };
      await expectError(put(encrypted(createMemoryStore(), { keys }), ['d'], 1, 'op'), {
        code: 'INVALID_INPUT',
      });
    }
    const nameless: Keys = { current: () => ({ id: '', key: bytes(1) }), get: () => undefined };
    await expectError(put(encrypted(createMemoryStore(), { keys: nameless }), ['d'], 1, 'op'), {
      code: 'INVALID_INPUT',
    });
  });
});

describe('options', () => {
  it('are checked before anything is done, and errors show no key', () => {
    const store = createMemoryStore();
    const subjectOf = ([first]: Key) => first ?? '';
    const masterKeys = oldRing();
    const pending = { ...store, supports: { ...store.supports, pending: true } };
    for (const [path, make] of [
      ['options.keys', () => encrypted(store, {} as never)],
      ['options.keys', () => encrypted(store, { keys: { k1: bytes(1) } as never })],
      ['store', () => encrypted({} as never, { keys: masterKeys })],
      ['options.keys', () => keyRing(undefined as never)],
      ['options.keys[0]', () => keyRing({ current: 'k', keys: { k: new Uint8Array(31) } })],
      ['options.keys[0]', () => keyRing({ current: 'k', keys: { k: 'x'.repeat(32) as never } })],
      ['options.keys[0] (its id)', () => keyRing({ current: '', keys: { '': bytes(1) } })],
      ['options.current', () => keyRing({ current: 'other', keys: { k: bytes(1) } })],
      ['options.current', () => keyRing({ current: 'toString', keys: { k: bytes(1) } })],
      ['options.store', () => subjectKeys({ masterKeys, subjectOf } as never)],
      ['options.store', () => subjectKeys({ store: pending, masterKeys, subjectOf })],
      ['options.masterKeys', () => subjectKeys({ store, subjectOf } as never)],
      ['options.subjectOf', () => subjectKeys({ store, masterKeys } as never)],
      ['options.cacheMs', () => subjectKeys({ store, masterKeys, subjectOf, cacheMs: -1 })],
    ] as const) {
      let found: unknown;
      try {
        make();
      } catch (error) {
        found = error;
      }
      expect(InvalidInputError.isInstance(found), path).toBe(true);
      expect(found).toMatchObject({ path });
      expect(String(found)).not.toContain('xxx');
    }
    expect(() => subjectKeys({ store, masterKeys, subjectOf, prefix: Array(16).fill('p') })).toThrow('key');
  });

  it('are taken when they are given: later changes of the bytes do not matter', async () => {
    const raw = bytes(1);
    const ring = keyRing({ current: 'k1', keys: { k1: raw } });
    raw.fill(0);
    const inner = await written(oldRing());
    expect(await readValue(encrypted(inner, { keys: ring }), ['d'])).toBe('secret');
  });
});

it('the errors know one another apart', () => {
  const errors = [
    [DecryptionError, new DecryptionError(['d'], 3, 'k1')],
    [KeyMissingError, new KeyMissingError(['d'], 3, 'k1')],
    [KeyErasedError, new KeyErasedError(['d'], 3, 'k1')],
  ] as const;
  for (const [Type] of errors)
    expect(errors.filter(([, error]) => Type.isInstance(error)).map(([Other]) => Other)).toEqual([Type]);
  for (const [Type, error] of errors) {
    expect(error.name).toBe(Type.name);
    expect(error.message).toContain('Entry 3 of ["d"]');
    expect(error.message).not.toContain('k1');
  }
});
