import type { JsonValue, Key, LogAppend, PutOptions, Store } from '@loci/core';
import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { entries, expectCode, keysOf, put, toArray } from './tools.js';

const oddKeys: readonly Key[] = [
  ['__proto__'],
  ['constructor'],
  ['..', '..', 'x'],
  ['../x'],
  ['a:b'],
  ['a', 'b'],
  ['a/b'],
  ['a%2Fb'],
  ['*'],
  ['%'],
  ['_'],
  [''],
  ['', ''],
  ['🦊'],
  ['nul\u0000'],
  ["'; drop table documents; --"],
  ['é'],
  ['e\u0301'],
  ['x'.repeat(512)],
  Array.from({ length: 16 }, () => 's'),
];

/** Every method of a store with this key. */
function calls(store: Store, key: Key, signal?: AbortSignal): readonly (() => Promise<unknown>)[] {
  const io = signal ? { signal } : {};
  return [
    () => store.documents.get(key, io),
    () => store.documents.put(key, 1, { expect: 'any', operationId: 'op', ...io }),
    () => store.documents.delete(key, { expect: 'any', ...io }),
    () => toArray(store.documents.list(key, io)),
    () => store.logs.append(key, entries(1, 1), io),
    () => toArray(store.logs.read(key, io)),
    () => store.logs.head(key, io),
    () => store.logs.rewrite(key, [], io),
    () => store.logs.delete(key, io),
    () => toArray(store.logs.list(key, io)),
  ];
}

export function boundaryCases(storeCase: StoreCase): void {
  storeCase('keeps keys apart that look alike to a path, a pattern, a prototype or SQL', async (store) => {
    for (const [index, key] of oddKeys.entries()) {
      await put(store, key, index, 'op');
      await store.logs.append(key, [{ id: 'e', body: index }]);
    }
    for (const [index, key] of oddKeys.entries()) {
      expect(await store.documents.get(key)).toMatchObject({ key, value: index });
      expect((await toArray(store.logs.read(key))).map((entry) => entry.body)).toEqual([index]);
    }
    const listed = await keysOf(store.documents.list([]));
    expect(listed).toHaveLength(oddKeys.length);
    expect(new Set(listed.map((key) => JSON.stringify(key)))).toEqual(
      new Set(oddKeys.map((key) => JSON.stringify(key))),
    );
  });

  storeCase('refuses what is not a key with InvalidKeyError, before anything is done', async (store) => {
    const bad = [
      ['x'.repeat(10_000)],
      ['\ud800'],
      Array.from({ length: 17 }, () => 's'),
      [1],
      'text',
      undefined,
    ];
    for (const key of bad as Key[]) {
      for (const call of calls(store, key)) await expectCode(call(), 'INVALID_KEY');
    }
    await expectCode(store.documents.get([]), 'INVALID_KEY');
    expect(await keysOf(store.documents.list([]))).toEqual([]);
  });

  storeCase('refuses values that JSON cannot hold', async (store) => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [
      undefined,
      Number.NaN,
      new Date(0),
      () => 1,
      1n,
      cycle,
      [undefined],
    ] as JsonValue[]) {
      await expectCode(put(store, ['k'], value, 'op'), 'INVALID_INPUT');
      await expectCode(store.logs.append(['k'], [{ id: 'e', body: value }]), 'INVALID_INPUT');
      await expectCode(store.logs.rewrite(['k'], [{ id: 'e', revision: 0, body: value }]), 'INVALID_INPUT');
    }
    expect(await store.logs.head(['k'])).toBeUndefined();
  });

  storeCase('takes ids of 1–512 UTF-8 bytes and refuses others', async (store) => {
    for (const id of ['i', 'é'.repeat(256), 'nul\u0000', '__proto__']) {
      await put(store, ['ids'], 1, id);
      expect(await put(store, ['ids'], 1, id)).toMatchObject({ replayed: true });
      await store.logs.append(['ids'], [{ id, body: 1 }]);
    }
    expect((await toArray(store.logs.read(['ids']))).map((entry) => entry.id)).toContain('nul\u0000');
    for (const id of ['', 'é'.repeat(257), '\ud800', 7, undefined] as string[]) {
      await expectCode(put(store, ['ids'], 1, id), 'INVALID_INPUT');
      await expectCode(store.logs.append(['ids'], [{ id, body: 1 }]), 'INVALID_INPUT');
    }
  });

  storeCase('refuses options that are not what the contract asks for', async (store) => {
    const key = ['k'];
    for (const expected of [
      undefined,
      'something',
      {},
      { version: 7 },
    ] as unknown as PutOptions['expect'][]) {
      await expectCode(store.documents.put(key, 1, { expect: expected, operationId: 'op' }), 'INVALID_INPUT');
      await expectCode(store.documents.delete(key, { expect: expected }), 'INVALID_INPUT');
    }
    await expectCode(store.documents.put(key, 1, undefined as unknown as PutOptions), 'INVALID_INPUT');
    for (const expected of ['any', {}, { epoch: 'e' }, { epoch: 'e', seq: -1 }] as unknown as 'absent'[]) {
      await expectCode(store.logs.append(key, entries(1, 1), { expect: expected }), 'INVALID_INPUT');
    }
    for (const rewrite of [
      'e',
      [null],
      [{ id: 7, revision: 0, body: 1 }],
      [{ id: 'e', revision: -1, body: 1 }],
    ]) {
      await expectCode(store.logs.rewrite(key, rewrite as never), 'INVALID_INPUT');
    }
    await expectCode(store.logs.append(key, 'e' as unknown as LogAppend[]), 'INVALID_INPUT');
    for (const count of [-1, 1.5, Number.NaN, '1' as unknown as number]) {
      await expectCode(toArray(store.logs.read(key, { from: count })), 'INVALID_INPUT');
      await expectCode(toArray(store.logs.read(key, { to: count })), 'INVALID_INPUT');
      await expectCode(toArray(store.logs.read(key, { limit: count })), 'INVALID_INPUT');
      await expectCode(toArray(store.documents.list(key, { limit: count })), 'INVALID_INPUT');
    }
  });

  storeCase(
    'rejects with the reason of a signal that is already aborted, and does nothing',
    async (store) => {
      const reason = new Error('not any more');
      for (const call of calls(store, ['k'], AbortSignal.abort(reason)))
        await expect(call()).rejects.toBe(reason);
      expect(await store.documents.get(['k'])).toBeUndefined();
      expect(await store.logs.head(['k'])).toBeUndefined();
    },
  );

  storeCase('ends a listing and a reading with the reason of the signal', async (store) => {
    await store.logs.append(['k'], entries(1, 5));
    for (const iterate of [
      (signal: AbortSignal) => store.logs.read(['k'], { signal }),
      (signal: AbortSignal) => store.logs.list([], { signal }),
    ]) {
      const stop = new AbortController();
      const reason = new Error('enough');
      const items = iterate(stop.signal)[Symbol.asyncIterator]();
      await items.next();
      stop.abort(reason);
      await items.next().then(
        (result) => expect(result.done).toBe(true),
        (error: unknown) => expect(error).toBe(reason),
      );
    }
  });

  storeCase('refuses every call after close, and a second close does nothing', async (store) => {
    expect(await store.close()).toEqual({ unsaved: [] });
    expect(await store.close()).toEqual({ unsaved: [] });
    for (const call of calls(store, ['k'])) await expectCode(call(), 'STORE_CLOSED');
  });

  storeCase('never shows values or ids in an error', async (store) => {
    const secret = 'SECRET-4711';
    await put(store, ['k'], secret, secret);
    const errors = await Promise.allSettled([
      store.documents.put(['k'], secret, { expect: 'absent', operationId: 'op' }),
      store.logs.append(['k'], [{ id: secret, body: Number.NaN }]),
      store.logs.append(['k'], [...entries(1, 1), { id: secret, body: 1 }, { id: secret, body: 1 }]),
    ]);
    for (const outcome of errors) {
      expect(outcome.status).toBe('rejected');
      if (outcome.status === 'rejected') expect(String(outcome.reason)).not.toContain(secret);
    }
  });
}
