import type { Store } from '@loci/core';
import { expect, it } from 'vitest';
import { offline } from '../src/index.js';
import { addOne, entries, expectCode, idsOf, put, setUp, toArray, valueAt } from './tools.js';

const key = ['user', '1'];
const log = ['thread', '1'];

it('[G4] what was read or written before is read from the copy while the server is away', async () => {
  const { store, backend, go } = setUp();
  await put(backend, ['theirs'], { name: 'Ada' });
  await store.documents.get(['theirs']);
  const { version } = await put(store, key, { name: 'Rex' });
  await store.logs.append(log, entries(1, 2));
  await backend.logs.append(log, entries(3, 70));
  await toArray(store.logs.read(log));
  go('down');
  expect(await valueAt(store, ['theirs'])).toEqual({ name: 'Ada' });
  expect(await store.documents.get(key)).toMatchObject({ value: { name: 'Rex' }, version });
  expect(await idsOf(store, log)).toEqual(entries(1, 70).map(({ id }) => id));
  expect(
    (await toArray(store.logs.read(log, { reverse: true, limit: 2, to: 40 }))).map(({ seq }) => seq),
  ).toEqual([40, 39]);
  expect(await store.logs.head(log)).toEqual(await backend.logs.head(log));
});

it('[G4] a later process reads the copy that an earlier one left', async () => {
  const { store, open, go } = setUp();
  await put(store, key, 'kept');
  await store.logs.append(log, entries(1, 40));
  await store.close();
  go('down');
  const next = open();
  expect(await valueAt(next, key)).toBe('kept');
  expect(await idsOf(next, log)).toHaveLength(40);
});

it('[G4] queued writes are seen at once, say that they are pending, and land in the order of the calls', async () => {
  const { store, backend, go, comeBack, calls } = setUp();
  await put(store, key, 1);
  await store.logs.append(log, entries(1));
  go('down');
  const receipt = await put(store, key, 2);
  expect(receipt).toMatchObject({ replayed: false, pending: true });
  expect(await store.documents.get(key)).toMatchObject({ value: 2, version: receipt.version, pending: true });
  const appended = await store.logs.append(log, entries(2, 3));
  expect(appended).toMatchObject({ firstSeq: 2, lastSeq: 3, outcome: 'pending' });
  expect(await store.logs.append(log, entries(2, 3))).toEqual(appended);
  await expectCode(store.logs.append(log, entries(3, 4)), 'CONFLICT');
  expect(await toArray(store.logs.read(log, { from: 2 }))).toMatchObject([
    { id: 'e2', seq: 2, pending: true },
    { id: 'e3', seq: 3, pending: true },
  ]);
  await put(store, ['other'], 3);
  expect(await store.status()).toMatchObject({ state: 'away', queued: 3 });
  expect(await valueAt(backend, key)).toBe(1);
  const before = calls.length;
  await comeBack();
  const written = calls.slice(before).filter(({ name }) => name === 'put' || name === 'append');
  expect(written.map(({ key: where }) => where)).toEqual([key, log, ['other']]);
  expect(await valueAt(backend, key)).toBe(2);
  expect(await idsOf(backend, log)).toEqual(['e1', 'e2', 'e3']);
  expect(await valueAt(backend, ['other'])).toBe(3);
  expect(await store.documents.get(key)).not.toHaveProperty('pending');
});

it('[G4] what only the server can decide is refused while it is away, and nothing of it is queued', async () => {
  const { store, go, comeBack } = setUp();
  await store.logs.append(log, entries(1));
  const head = await store.logs.head(log);
  if (!head) throw new Error('the log is not there');
  go('down');
  await expectCode(store.logs.append(log, entries(2), { expect: head }), 'STORE_UNAVAILABLE');
  await expectCode(store.logs.rewrite(log, [{ id: 'e1', revision: 0, body: 0 }]), 'STORE_UNAVAILABLE');
  expect((await store.status()).queued).toBe(0);
  await store.logs.append(log, entries(5));
  go('up');
  // Behind the queue it is decided by the server again.
  await store.flush();
  await store.logs.append(log, entries(2), { expect: { ...head, seq: 2 } });
  await comeBack();
  expect(await idsOf(store, log)).toEqual(['e1', 'e5', 'e2']);
});

it('[G4] `expect` and repeated operations are judged by what is known here', async () => {
  const { store, go, comeBack, backend } = setUp();
  const first = await put(store, key, 1, 'one');
  go('down');
  await store.documents.get(key);
  await expectCode(store.documents.put(key, 9, { expect: 'absent', operationId: 'no' }), 'CONFLICT');
  const second = await store.documents.put(key, 2, {
    expect: { version: first.version },
    operationId: 'two',
  });
  const late = { expect: { version: first.version }, operationId: 'three' };
  await expectCode(store.documents.put(key, 3, late), 'CONFLICT');
  await expectCode(store.documents.delete(key, { expect: { version: first.version } }), 'CONFLICT');
  const again = await store.documents.put(key, 2, { expect: { version: first.version }, operationId: 'two' });
  expect(again).toEqual({ version: second.version, replayed: true, pending: true });
  await expectCode(put(store, key, Number.NaN), 'INVALID_INPUT');
  await expectCode(store.logs.append(log, [...entries(1), ...entries(1)]), 'INVALID_INPUT');
  expect((await store.status()).queued).toBe(1);
  await comeBack();
  expect(await valueAt(backend, key)).toBe(2);
});

it('[G4] an operation that the server had acknowledged is still known when it is repeated while that is away', async () => {
  const { store, go } = setUp();
  const first = await put(store, key, 1, 'one');
  await put(store, key, 2, 'two');
  go('down');
  expect(await put(store, key, 1, 'one')).toEqual({ version: first.version, replayed: true });
  expect((await store.status()).queued).toBe(0);
});

it('[G4] a version from while the server was away fits afterwards, and only where nobody else wrote', async () => {
  const { store, backend, go, comeBack } = setUp();
  await put(store, key, { a: 1 });
  await put(store, ['other'], { a: 1 });
  go('down');
  const queued = await put(store, key, { a: 2 });
  const merged = await put(store, ['other'], { a: 2 });
  await put(backend, ['other'], { a: 1, b: 'theirs' });
  await comeBack();
  const fits = { expect: { version: queued.version }, operationId: 'fits' };
  expect(await store.documents.put(key, { a: 3 }, fits)).not.toHaveProperty('pending');
  const stale = { expect: { version: merged.version }, operationId: 'stale' };
  await expectCode(store.documents.put(['other'], { a: 3 }, stale), 'CONFLICT');
  go('down');
  await store.documents.get(['other']);
  await expectCode(store.documents.put(['other'], { a: 3 }, stale), 'CONFLICT');
  expect(await valueAt(backend, ['other'])).toEqual({ a: 2, b: 'theirs' });
});

it('[G4] deletes stay deleted: here, in the copy, and on the server when it is back', async () => {
  const { store, backend, go, comeBack, open } = setUp();
  await put(store, key, 1);
  await put(store, ['theirs'], { a: 1 });
  await store.logs.append(log, entries(1, 40));
  await store.logs.append(['log', 'theirs'], entries(1));
  go('down');
  expect(await store.documents.delete(key, { expect: 'any' })).toBe(true);
  expect(await store.documents.delete(key, { expect: 'any' })).toBe(false);
  expect(await store.logs.delete(log)).toBe(true);
  expect(await valueAt(store, key)).toBeUndefined();
  expect(await idsOf(store, log)).toEqual([]);
  // Others delete what is changed here meanwhile.
  await put(store, ['theirs'], { a: 2 });
  await store.logs.append(['log', 'theirs'], entries(2));
  await backend.documents.delete(['theirs'], { expect: 'any' });
  await backend.logs.delete(['log', 'theirs']);
  await comeBack();
  expect(await valueAt(backend, key)).toBeUndefined();
  expect(await backend.logs.head(log)).toBeUndefined();
  expect(await valueAt(backend, ['theirs'])).toBeUndefined();
  expect(await backend.logs.head(['log', 'theirs'])).toBeUndefined();
  expect(await store.conflicts()).toMatchObject([
    { key: ['theirs'], path: [], base: { a: 1 }, ours: { a: 2 } },
  ]);
  expect(await store.refused()).toMatchObject([{ key: ['log', 'theirs'], operationId: 'e2' }]);
  await store.close();
  go('down');
  const next = open();
  for (const where of [key, ['theirs']]) expect(await valueAt(next, where)).toBeUndefined();
  for (const where of [log, ['log', 'theirs']]) expect(await idsOf(next, where)).toEqual([]);
});

it('[G4] a slow reading does not bring back what was deleted meanwhile', async () => {
  const { journal, backend } = setUp();
  await put(backend, key, 1);
  const answer = Promise.withResolvers<void>();
  const slow: Store = {
    ...backend,
    documents: {
      ...backend.documents,
      async get(...given) {
        const found = await backend.documents.get(...given);
        await answer.promise;
        return found;
      },
    },
  };
  const store = offline(slow, { journal });
  const reading = store.documents.get(key);
  await store.status();
  await store.documents.delete(key, { expect: 'any' });
  answer.resolve();
  await reading;
  await store.close();
  const copies = await toArray(journal.documents.list(['offline', 'documents']));
  expect(await Promise.all(copies.map(({ key: place }) => valueAt(journal, place)))).toMatchObject([
    { state: 'absent' },
  ]);
});

it('[G4] a key that was never seen reads as absent, or is refused, and can be written either way', async () => {
  for (const unknown of ['absent', 'refuse'] as const) {
    const { store, backend, go, comeBack } = setUp({ unknown });
    await put(backend, key, { theirs: true });
    await backend.logs.append(log, entries(1));
    go('down');
    if (unknown === 'refuse') {
      await expectCode(store.documents.get(key), 'STORE_UNAVAILABLE');
      await expectCode(toArray(store.logs.read(log)), 'STORE_UNAVAILABLE');
      await expectCode(store.logs.head(log), 'STORE_UNAVAILABLE');
    } else {
      expect(await valueAt(store, key)).toBeUndefined();
      expect(await idsOf(store, log)).toEqual([]);
    }
    await store.documents.put(key, { ours: true }, { expect: 'absent', operationId: 'op' });
    await store.logs.append(log, entries(2));
    expect(await valueAt(store, key)).toEqual({ ours: true });
    expect(await idsOf(store, log)).toEqual(['e2']);
    await comeBack();
    expect(await valueAt(backend, key)).toEqual({ theirs: true, ours: true });
    expect(await idsOf(backend, log)).toEqual(['e1', 'e2']);
  }
});

it('[G4] a key that was seen to be absent is known to be so', async () => {
  const { store, go } = setUp({ unknown: 'refuse' });
  expect(await valueAt(store, key)).toBeUndefined();
  expect(await store.logs.head(log)).toBeUndefined();
  go('down');
  expect(await valueAt(store, key)).toBeUndefined();
  expect(await idsOf(store, log)).toEqual([]);
});

it('[G4] a part of a log that was never read here is not passed off as missing', async () => {
  const { store, backend, go } = setUp();
  await backend.logs.append(log, entries(1, 100));
  await toArray(store.logs.read(log, { reverse: true, limit: 10 }));
  go('down');
  expect(await toArray(store.logs.read(log, { reverse: true, limit: 10 }))).toHaveLength(10);
  await expectCode(toArray(store.logs.read(log)), 'STORE_UNAVAILABLE');
});

it('[G4] a reading goes on from the copy where the server leaves in the middle of it', async () => {
  const { store, backend, go } = setUp();
  await backend.logs.append(log, entries(1, 50));
  await toArray(store.logs.read(log));
  for (const reverse of [false, true]) {
    const seqs: number[] = [];
    for await (const { seq } of store.logs.read(log, { reverse, limit: 45 })) {
      seqs.push(seq);
      if (seqs.length === 7) go('down');
    }
    expect(seqs).toEqual(Array.from({ length: 45 }, (_, index) => (reverse ? 50 - index : index + 1)));
    go('up');
    await store.logs.append(['other'], entries(1));
    await store.flush();
  }
});

it('[G4] what is known here is listed while the server is away, queued writes with it', async () => {
  const { store, backend, go } = setUp();
  for (const name of ['a', 'b', 'c']) await put(store, ['list', name], 1);
  await put(backend, ['list', 'unseen'], 1);
  await store.logs.append(['list', 'log'], entries(1));
  go('down');
  await store.documents.delete(['list', 'b'], { expect: 'any' });
  await put(store, ['list', 'd'], 1);
  await store.logs.append(['list', 'new'], entries(1));
  const keys = async (items: AsyncIterable<{ readonly key: readonly string[] }>) =>
    (await toArray(items)).map((item) => item.key[1]);
  expect(await keys(store.documents.list(['list']))).toEqual(['a', 'c', 'd']);
  expect(await keys(store.documents.list(['list'], { after: ['list', 'a'], limit: 1 }))).toEqual(['c']);
  expect(await keys(store.logs.list([]))).toEqual(['log', 'new']);
});

it('[G4] a rewrite reaches the copy, so that what was redacted is in it no more', async () => {
  const { store, journal, go } = setUp();
  await store.logs.append(log, [{ id: 'e1', body: 'CANARY' }, ...entries(2, 40)]);
  await store.logs.rewrite(log, [{ id: 'e1', revision: 0, body: 'redacted' }]);
  go('losing');
  await expectCode(store.logs.rewrite(log, [{ id: 'e2', revision: 0, body: 'gone' }]), 'STORE_UNAVAILABLE');
  expect(await toArray(store.logs.read(log, { limit: 1 }))).toMatchObject([
    { body: 'redacted', revision: 1 },
  ]);
  await expectCode(toArray(store.logs.read(log, { to: 2 })), 'STORE_UNAVAILABLE');
  await store.close();
  const chunks = await toArray(journal.documents.list(['offline', 'entries']));
  const held = await Promise.all(chunks.map(({ key: place }) => valueAt(journal, place)));
  expect(held).toHaveLength(2);
  expect(JSON.stringify(held)).not.toContain('CANARY');
});

it('[G4] a time to live counts from the call, not from the delivery', async () => {
  const { store, backend, go, clock, comeBack } = setUp({ maxProbeDelayMs: 1e9, probeDelayMs: 1e9 });
  go('down');
  await store.documents.put(key, 1, { expect: 'any', operationId: 'one', ttlMs: 10_000 });
  await store.documents.put(['short'], 1, { expect: 'any', operationId: 'two', ttlMs: 1000 });
  await store.logs.append(log, entries(1), { ttlMs: 10_000 });
  await store.logs.append(['short'], entries(1), { ttlMs: 1000 });
  await clock.advance(4000);
  expect(await valueAt(store, ['short'])).toBeUndefined();
  await comeBack();
  expect((await backend.documents.get(key))?.expiresAt).toBe(clock.now() + 6000);
  expect(await valueAt(backend, ['short'])).toBeUndefined();
  // Only the one whose time is not over.
  expect(await toArray(backend.logs.list([]))).toMatchObject([{ key: log, expiresAt: clock.now() + 6000 }]);
});

it('[G4] a full queue refuses further writes, and loses none', async () => {
  const { store, go, comeBack, backend } = setUp({ maxQueued: 2 });
  go('down');
  await addOne(store, key);
  await addOne(store, key);
  await expectCode(addOne(store, key), 'STORE_UNAVAILABLE');
  await comeBack();
  expect(await valueAt(backend, key)).toBe(2);
});
