import { type JsonValue, type Store, StoreUnavailableError } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { addOne, entries, expectCode, idsOf, put, setUp, valueAt } from './tools.js';

const key = ['user', '1'];
const log = ['thread', '1'];
const add = (value: JsonValue | undefined) => Number(value ?? 0) + 1;
function never(): never {
  throw new Error('the document is not there');
}
const pinned = { probeDelayMs: 1e9, maxProbeDelayMs: 1e9 };

it('[G4] [G3] steps that were counted here and elsewhere meanwhile are all counted', async () => {
  const { store, backend, go, comeBack } = setUp();
  await addOne(store, key);
  go('down');
  for (let count = 0; count < 5; count++) await addOne(store, key);
  for (let count = 0; count < 5; count++) await addOne(backend, key);
  await comeBack();
  expect(await valueAt(backend, key)).toBe(11);
  expect(await store.conflicts()).toEqual([]);
});

it('[G4] `update` of a typed memory works on a key that was never seen, with a server that never was there', async () => {
  const { store, backend, go, comeBack, clock } = setUp();
  const schema = z.object({ count: z.number(), tags: z.array(z.string()) });
  const open = (on: Store) => openMemory({ schema, initial: { count: 0, tags: [] }, store: on, key, clock });
  go('down');
  const memory = open(store);
  for (const tag of ['a', 'b'])
    await memory.update((draft) => {
      draft.count++;
      draft.tags.push(tag);
    });
  expect(await memory.get()).toEqual({ count: 2, tags: ['a', 'b'] });
  await open(backend).update((draft) => {
    draft.count++;
    draft.tags.push('theirs');
  });
  await comeBack();
  expect(await open(backend).get()).toEqual({ count: 3, tags: ['theirs', 'a', 'b'] });
});

it('[G4] a later process merges by path what an earlier one queued', async () => {
  const { store, backend, go, open, comeBack } = setUp();
  const base = { name: 'Rex', notes: ['a'], todos: [{ id: 1, done: false }] };
  await put(store, key, base);
  go('down');
  await put(store, key, { ...base, notes: ['a', 'ours'] });
  await put(store, key, { ...base, notes: ['a', 'ours'], todos: [{ id: 1, done: true }] });
  expect((await store.close()).unsaved).toHaveLength(2);
  await put(backend, key, {
    ...base,
    name: 'Max',
    notes: ['a', 'theirs'],
    todos: [...base.todos, { id: 2, done: false }],
  });
  const next = open();
  await comeBack(next);
  expect(await valueAt(backend, key)).toEqual({
    name: 'Max',
    notes: ['a', 'theirs', 'ours'],
    todos: [
      { id: 1, done: true },
      { id: 2, done: false },
    ],
  });
  expect(await next.conflicts()).toEqual([]);
});

it('[G4] what both sides changed stays theirs, and ours is kept, named and can be discarded', async () => {
  const { store, backend, go, open, comeBack, events } = setUp();
  await put(store, key, { count: 1, name: 'a' });
  go('down');
  await put(store, key, { count: 2, name: 'ours' }, 'mine');
  await put(backend, key, { count: 3, name: 'a' });
  await comeBack();
  expect(await valueAt(backend, key)).toEqual({ count: 3, name: 'ours' });
  expect(await valueAt(store, key)).toEqual({ count: 3, name: 'ours' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'conflict-kept', key, path: ['count'] }));
  await store.close();
  const next = open();
  const [kept, ...more] = await next.conflicts();
  expect(kept).toMatchObject({ key, path: ['count'], base: 1, ours: 2, theirs: 3, operationId: 'mine' });
  expect(more).toEqual([]);
  expect(await next.status()).toMatchObject({ conflicts: 1 });
  expect(await next.discard(kept?.id ?? '')).toBe(true);
  expect(await next.discard(kept?.id ?? '')).toBe(false);
  expect(await next.conflicts()).toEqual([]);
});

it('[G4] `onConflict` decides, place by place', async () => {
  const seen: unknown[] = [];
  const { store, backend, go, comeBack } = setUp({
    onConflict({ path, base, ours, theirs }) {
      seen.push({ path, base, ours, theirs });
      return path[0] === 'sum'
        ? { value: Number(ours) + Number(theirs) - Number(base) }
        : path[0] === 'a'
          ? 'ours'
          : 'theirs';
    },
  });
  await put(store, key, { sum: 1, a: 0, b: 0 });
  await put(store, ['deleted'], 1);
  go('down');
  await put(store, key, { sum: 3, a: 1, b: 1 });
  await put(store, ['deleted'], 2);
  await put(backend, key, { sum: 5, a: 2, b: 2 });
  await backend.documents.delete(['deleted'], { expect: 'any' });
  await comeBack();
  expect(await valueAt(backend, key)).toEqual({ sum: 7, a: 1, b: 2 });
  expect(await valueAt(backend, ['deleted'])).toBeUndefined();
  expect(seen[0]).toEqual({ path: ['sum'], base: 1, ours: 3, theirs: 5 });
  expect(seen.at(-1)).toEqual({ path: [], base: 1, ours: 2, theirs: undefined });
  expect(await store.conflicts()).toEqual([]);
});

it('[G4] `merge` takes the place of the merge by path', async () => {
  const { store, backend, go, comeBack } = setUp({
    merge: ({ base, ours, theirs }) => Number(theirs) + Number(ours) - Number(base ?? 0),
  });
  await put(store, key, 10);
  go('down');
  await put(store, key, 12);
  await put(backend, key, 15);
  await comeBack();
  expect(await valueAt(backend, key)).toBe(17);
});

it('[G4] a deletion of what others have changed meanwhile is a conflict, and theirs stays', async () => {
  const { store, backend, go, comeBack } = setUp();
  await put(store, key, 1);
  go('down');
  await store.documents.delete(key, { expect: 'any' });
  await put(backend, key, 2);
  await comeBack();
  expect(await valueAt(store, key)).toBe(2);
  expect(await store.conflicts()).toMatchObject([{ key, path: [], base: 1, theirs: 2 }]);
});

it('[G4] a bad item is set aside and named, and the queue goes on', async () => {
  const { store, backend, go, open, comeBack, events } = setUp();
  await put(store, key, 1);
  await put(store, ['hook'], 1);
  await store.logs.append(log, entries(1));
  go('down');
  await addOne(store, key, 'good');
  const rebase = () => {
    throw new Error('SECRET');
  };
  await store.documents.put(['hook'], 2, { expect: 'any', operationId: 'bad', rebase });
  await store.logs.append(log, entries(2, 3));
  await store.logs.append(log, entries(4));
  await put(store, ['after'], 'behind it');
  await put(backend, ['hook'], 5);
  await backend.logs.append(log, entries(3));
  await comeBack();
  expect(await valueAt(backend, key)).toBe(2);
  expect(await valueAt(backend, ['hook'])).toBe(5);
  expect(await idsOf(backend, log)).toEqual(['e1', 'e3', 'e4']);
  expect(await valueAt(backend, ['after'])).toBe('behind it');
  const named = [
    { key: ['hook'], operationId: 'bad', reason: 'Error' },
    { key: log, operationId: 'e2' },
  ];
  expect((await store.status()).refused).toMatchObject(named);
  expect(events.filter(({ type }) => type === 'write-refused')).toMatchObject(
    named.map(({ key: of }) => ({ key: of })),
  );
  await store.close();
  const next = open();
  const refused = await next.refused();
  expect(refused).toMatchObject(named);
  expect(refused[1]?.write).toMatchObject({ entries: [{ id: 'e2', body: 2 }, { id: 'e3' }] });
  expect(JSON.stringify(refused)).not.toContain('SECRET');
  for (const { id } of refused) await next.discard(id);
  expect((await next.status()).refused).toEqual([]);
});

it('[G4] a damaged record of the queue is named and left as it is, and the others are delivered', async () => {
  const { store, backend, go, open, comeBack, journal, events } = setUp();
  go('down');
  for (const name of ['a', 'b', 'c']) await put(store, [name], name);
  await store.close();
  const places: (readonly string[])[] = [];
  for await (const listed of journal.documents.list(['offline', 'queue'])) places.push(listed.key);
  const place = places[1] ?? [];
  const damaged = { op: 'put', value: 'SECRET', key: 'b' };
  await put(journal, place, damaged);
  const next = open();
  await comeBack(next);
  expect(await valueAt(backend, ['a'])).toBe('a');
  expect(await valueAt(backend, ['b'])).toBeUndefined();
  expect(await valueAt(backend, ['c'])).toBe('c');
  expect(await valueAt(journal, place)).toEqual(damaged);
  expect(events).toContainEqual(expect.objectContaining({ type: 'record-damaged', key: place }));
  const { refused } = await next.status();
  expect(refused).toMatchObject([{ key: place, reason: expect.stringContaining('key') }]);
  expect(JSON.stringify(refused)).not.toContain('SECRET');
  go('down');
  await put(next, ['d'], 'd');
  expect(await valueAt(journal, place)).toEqual(damaged);
  expect(await next.discard(refused[0]?.id ?? '')).toBe(true);
  expect(await valueAt(journal, place)).toBeUndefined();
});

it('[G4] a write whose answer was lost is applied once, also after others have written', async () => {
  const { store, backend, go, comeBack, events } = setUp(pinned);
  await addOne(store, key);
  const lost = {
    expect: { version: (await store.documents.get(key))?.version ?? never() },
    operationId: 'lost',
  };
  go('losing');
  expect(await store.documents.put(key, 2, { ...lost, rebase: add })).toMatchObject({ pending: true });
  go('down');
  await addOne(store, key);
  for (let count = 0; count < 3; count++) await addOne(backend, key);
  await comeBack();
  expect(await valueAt(backend, key)).toBe(6);
  expect(events).toContainEqual(expect.objectContaining({ type: 'write-delivered', outcome: 'replayed' }));
});

it('[G4] an append whose answer was lost is there once', async () => {
  const { store, backend, go, comeBack } = setUp(pinned);
  await store.logs.append(log, entries(1));
  go('losing');
  expect(await store.logs.append(log, entries(2))).toMatchObject({ outcome: 'pending' });
  await comeBack();
  expect(await idsOf(backend, log)).toEqual(['e1', 'e2']);
});

it('[G4] the repeat of a write that was sent, and could not be queued, does not look as if it was refused', async () => {
  const { store, go, clock } = setUp(pinned);
  const { version } = await put(store, key, 0);
  const attempt = (operationId: string) =>
    store.documents.put(key, operationId, { expect: { version }, operationId });
  go('silent');
  const both = Promise.allSettled([attempt('a'), attempt('b')]);
  await clock.advance(1500);
  expect(await both).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'STORE_UNAVAILABLE' } }]);
  await expect(attempt('b')).rejects.toMatchObject({ code: 'CONFLICT', mayHaveApplied: true });
});

it('[G4] beyond the memory of the server a write that may have been applied is kept aside, not made twice', async () => {
  const { store, backend, go, comeBack } = setUp(pinned);
  await addOne(store, key);
  await addOne(store, ['other']);
  const lost = {
    expect: { version: (await store.documents.get(key))?.version ?? never() },
    operationId: 'lost',
  };
  go('losing');
  await store.documents.put(key, 2, { ...lost, rebase: add });
  go('down');
  await addOne(store, ['other'], 'never sent');
  for (let count = 0; count < 40; count++) for (const each of [key, ['other']]) await addOne(backend, each);
  await comeBack();
  expect(await valueAt(backend, key)).toBe(42);
  expect((await store.status()).refused).toMatchObject([{ key, operationId: 'lost' }]);
  // The other one surely never arrived, so it is made.
  expect(await valueAt(backend, ['other'])).toBe(42);
});

it('[G4] a later process knows what an earlier one may have sent, and makes nothing twice either', async () => {
  const { store, backend, go, open, clock, comeBack, calls } = setUp(pinned);
  await put(store, key, { list: ['a'] });
  go('down');
  // Queued without being sent: that it was sent is noted in the delivery.
  await store.documents.get(key);
  await put(store, key, { list: ['a', 'ours'] }, 'lost');
  go('up');
  const { push } = calls;
  calls.push = (call) => {
    if (call.name === 'put') go('losing');
    return push.call(calls, call);
  };
  const flushed = store.flush().catch(() => {});
  await clock.advance(1500);
  await flushed;
  go('down');
  expect((await store.close()).unsaved).toMatchObject([{ operationId: 'lost' }]);
  expect(await valueAt(backend, key)).toEqual({ list: ['a', 'ours'] });
  for (let count = 0; count < 40; count++) await put(backend, key, { list: ['a', 'ours', count] });
  calls.push = push;
  const next = open();
  await comeBack(next);
  expect(await valueAt(backend, key)).toEqual({ list: ['a', 'ours', 39] });
  expect((await next.status()).refused).toMatchObject([{ key, operationId: 'lost' }]);
});

it('[G4] the server may leave at any call of a delivery: nothing is lost and nothing is there twice', async () => {
  for (let calls = 0; calls < 14; calls++) {
    for (const mode of ['down', 'losing'] as const) {
      const { store, backend, go, comeBack, clock, calls: seen } = setUp(pinned);
      await addOne(store, key);
      await store.logs.append(log, entries(1));
      go('down');
      for (let count = 0; count < 3; count++) await addOne(store, key);
      await store.logs.append(log, entries(2));
      await store.logs.append(['new'], entries(1));
      for (let count = 0; count < 2; count++) await addOne(backend, key);
      await backend.logs.append(log, entries(9));
      go('up');
      const until = seen.length + calls;
      const { push } = seen;
      seen.push = (call) => {
        if (seen.length === until) go(mode);
        return push.call(seen, call);
      };
      const flushed = store
        .flush()
        .catch((error) => expect(StoreUnavailableError.isInstance(error)).toBe(true));
      await clock.advance(1500);
      await flushed;
      await comeBack();
      expect(await valueAt(backend, key), `${mode} at call ${calls}`).toBe(6);
      expect(await idsOf(backend, log)).toEqual(['e1', 'e9', 'e2']);
      expect(await idsOf(backend, ['new'])).toEqual(['e1']);
    }
  }
});

it('[G4] appends to a log that was first written while away stay together, and it can be deleted there', async () => {
  const { store, backend, go, comeBack } = setUp();
  go('down');
  const first = await store.logs.append(log, entries(1));
  expect((await store.logs.append(log, entries(2))).epoch).toBe(first.epoch);
  await store.logs.delete(log);
  await store.logs.append(log, entries(3));
  expect(await store.logs.head(log)).toMatchObject({ seq: 1 });
  expect((await store.logs.head(log))?.epoch).not.toBe(first.epoch);
  expect(await idsOf(store, log)).toEqual(['e3']);
  await comeBack();
  expect(await idsOf(backend, log)).toEqual(['e3']);
});

it('[G4] a queued append or deletion does not hit the log or document that came in place of the one it was for', async () => {
  const { store, backend, go, comeBack } = setUp();
  for (const name of ['a', 'b']) await store.logs.append(['log', name], entries(1));
  await put(store, key, 'old');
  go('down');
  await store.logs.append(['log', 'a'], entries(2));
  await store.logs.delete(['log', 'b']);
  await store.documents.delete(key, { expect: 'any' });
  for (const name of ['a', 'b']) {
    await backend.logs.delete(['log', name]);
    await backend.logs.append(['log', name], entries(7));
  }
  await backend.documents.delete(key, { expect: 'any' });
  await put(backend, key, 'new');
  await comeBack();
  for (const name of ['a', 'b']) expect(await idsOf(backend, ['log', name])).toEqual(['e7']);
  expect(await valueAt(backend, key)).toBe('new');
  expect((await store.status()).refused).toMatchObject([{ key: ['log', 'a'], operationId: 'e2' }]);
  for (const name of ['a', 'b']) expect(await idsOf(store, ['log', name])).toEqual(['e7']);
});

it('[G3] of two writers with the same expected version exactly one wins', async () => {
  const { store, backend, go } = setUp();
  const { version } = await put(store, key, 0);
  for (const away of [false, true]) {
    const current = (await store.documents.get(key))?.version ?? version;
    if (away) go('down');
    await store.documents.get(key);
    const attempts = ['a', 'b', 'c'].map((operationId) =>
      store.documents.put(key, operationId, {
        expect: { version: current },
        operationId: `${operationId}${away}`,
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT' });
  }
  expect(await valueAt(backend, key)).toBe('a');
});

it('[G4] a repeated operation is known while it waits, and after it was delivered', async () => {
  const { store, backend, go, comeBack } = setUp();
  go('down');
  const first = await put(store, key, 1, 'one');
  expect(await put(store, key, 1, 'one')).toEqual({ version: first.version, replayed: true, pending: true });
  await comeBack();
  expect(await put(store, key, 1, 'one')).toMatchObject({ replayed: true });
  expect(await valueAt(backend, key)).toBe(1);
  await expectCode(store.documents.put(key, 2, { expect: 'absent', operationId: 'two' }), 'CONFLICT');
});
