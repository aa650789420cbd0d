import type { JsonValue, LogAppend, PutOptions } from '@loci/core';
import { equal, holds, like, rejection, rejectsWith, toArray } from '../kit/assertions.js';
import { within } from '../kit/waiting.js';
import { storeCase } from './store-case.js';
import { calls, entries, put } from './tools.js';

export const boundaryCases = [
  storeCase('values/refused', 'values that JSON cannot hold are refused', async (store) => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const bad = [undefined, Number.NaN, new Date(0), () => 1, 1n, cycle, [undefined]] as JsonValue[];
    for (const value of bad) {
      await rejectsWith(put(store, ['k'], value, 'op'), 'INVALID_INPUT');
      await rejectsWith(store.logs.append(['k'], [{ id: 'e', body: value }]), 'INVALID_INPUT');
      await rejectsWith(store.logs.rewrite(['k'], [{ id: 'e', revision: 0, body: value }]), 'INVALID_INPUT');
    }
    equal(await store.documents.get(['k']), undefined);
    equal(await store.logs.head(['k']), undefined);
  }),

  storeCase('ids/bounds', 'ids have 1–512 UTF-8 bytes; others are refused', async (store) => {
    for (const id of ['i', 'é'.repeat(256), 'nul\u0000', '__proto__']) {
      await put(store, ['ids'], 1, id);
      like(await put(store, ['ids'], 1, id), { replayed: true });
      await store.logs.append(['ids'], [{ id, body: 1 }]);
    }
    const stored = (await toArray(store.logs.read(['ids']))).map((entry) => entry.id);
    equal(stored, ['i', 'é'.repeat(256), 'nul\u0000', '__proto__']);
    for (const id of ['', 'é'.repeat(257), '\ud800', 7, undefined] as string[]) {
      await rejectsWith(put(store, ['ids'], 1, id), 'INVALID_INPUT');
      await rejectsWith(store.logs.append(['ids'], [{ id, body: 1 }]), 'INVALID_INPUT');
    }
  }),

  storeCase(
    'options/refused',
    'options that are not what the contract asks for are refused',
    async (store) => {
      const key = ['k'];
      for (const expected of [undefined, 'something', {}, { version: 7 }]) {
        const expect = expected as unknown as PutOptions['expect'];
        await rejectsWith(store.documents.put(key, 1, { expect, operationId: 'op' }), 'INVALID_INPUT');
        await rejectsWith(store.documents.delete(key, { expect }), 'INVALID_INPUT');
      }
      await rejectsWith(store.documents.put(key, 1, undefined as unknown as PutOptions), 'INVALID_INPUT');
      for (const expected of ['any', {}, { epoch: 'e' }, { epoch: 'e', seq: -1 }]) {
        const expect = expected as unknown as 'absent';
        await rejectsWith(store.logs.append(key, entries(1, 1), { expect }), 'INVALID_INPUT');
      }
      const entry = { id: 'e', revision: 0, body: 1 };
      for (const rewrite of ['e', [null], [{ ...entry, id: 7 }], [{ ...entry, revision: -1 }]]) {
        await rejectsWith(store.logs.rewrite(key, rewrite as never), 'INVALID_INPUT');
      }
      await rejectsWith(store.logs.append(key, 'e' as unknown as LogAppend[]), 'INVALID_INPUT');
      for (const count of [-1, 1.5, Number.NaN, '1' as unknown as number]) {
        await rejectsWith(toArray(store.logs.read(key, { from: count })), 'INVALID_INPUT');
        await rejectsWith(toArray(store.logs.read(key, { to: count })), 'INVALID_INPUT');
        await rejectsWith(toArray(store.logs.read(key, { limit: count })), 'INVALID_INPUT');
        await rejectsWith(toArray(store.documents.list(key, { limit: count })), 'INVALID_INPUT');
      }
      equal(await store.documents.get(key), undefined);
      equal(await store.logs.head(key), undefined);
    },
  ),

  storeCase(
    'signals/aborted',
    'a call whose signal is aborted rejects with its reason and does nothing',
    async (store) => {
      const reason = new Error('not any more');
      for (const call of calls(store, ['k'], AbortSignal.abort(reason)))
        holds((await rejection(call())) === reason, 'it rejects with something else than the reason');
      equal(await store.documents.get(['k']), undefined);
      equal(await store.logs.head(['k']), undefined);
    },
  ),

  storeCase('signals/reading', 'a listing and a reading end with the reason of the signal', async (store) => {
    await store.logs.append(['k'], entries(1, 5));
    for (let index = 0; index < 5; index++) await store.logs.append(['more', `${index}`], entries(1, 1));
    for (const iterate of [
      (signal: AbortSignal) => store.logs.read(['k'], { signal }),
      (signal: AbortSignal) => store.logs.list([], { signal }),
    ]) {
      const stop = new AbortController();
      const reason = new Error('enough');
      const items = iterate(stop.signal)[Symbol.asyncIterator]();
      await items.next();
      stop.abort(reason);
      const ended = await within(
        items.next().then(
          (result) => result.done === true,
          (error: unknown) => error === reason,
        ),
        'the end of an aborted reading',
      );
      holds(ended, 'it goes on, or ends with something else than the reason');
    }
  }),

  storeCase(
    'close/refuses',
    'after `close` every call is refused, and a second close does nothing',
    async (store) => {
      equal(await store.close(), { unsaved: [] });
      equal(await store.close(), { unsaved: [] });
      for (const call of calls(store, ['k'])) await rejectsWith(call(), 'STORE_CLOSED');
    },
  ),

  storeCase('errors/secrets', 'values and ids are never shown in an error', async (store) => {
    const secret = 'SECRET-4711';
    await put(store, ['k'], secret, secret);
    for (const work of [
      () => store.documents.put(['k'], secret, { expect: 'absent', operationId: 'op' }),
      () => store.logs.append(['k'], [{ id: secret, body: Number.NaN }]),
      () => store.logs.append(['k'], [...entries(1, 1), { id: secret, body: 1 }, { id: secret, body: 1 }]),
    ])
      holds(!String(await rejection(work())).includes(secret), 'the error shows it');
  }),
];
