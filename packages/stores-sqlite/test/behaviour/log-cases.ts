import { expect } from 'vitest';
import type { StoreCase } from '../store-behaviour.js';
import { conflictOf, entries, expectCode, keysOf, put, toArray } from './tools.js';

export function logCases(storeCase: StoreCase): void {
  const key = ['thread', '1'];

  storeCase('numbers entries from 1 without gaps', async (store, clock) => {
    const first = await store.logs.append(key, entries(1, 2));
    expect(first).toMatchObject({ firstSeq: 1, lastSeq: 2, outcome: 'appended' });
    const second = await store.logs.append(key, entries(3, 3));
    expect(second).toEqual({ epoch: first.epoch, firstSeq: 3, lastSeq: 3, outcome: 'appended' });
    expect(await toArray(store.logs.read(key))).toEqual(
      [1, 2, 3].map((seq) => ({ id: `e${seq}`, body: seq, seq, at: clock.now(), revision: 0 })),
    );
    expect(await store.logs.head(key)).toEqual({ epoch: first.epoch, seq: 3 });
  });

  storeCase('gives concurrent appends one contiguous run each', async (store) => {
    const receipts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => store.logs.append(key, entries(index * 3, index * 3 + 2))),
    );
    for (const { firstSeq, lastSeq } of receipts) expect(lastSeq - firstSeq).toBe(2);
    const read = await toArray(store.logs.read(key));
    expect(read.map((entry) => entry.seq)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(new Set(read.map((entry) => entry.id)).size).toBe(90);
  });

  storeCase('replays a repeated append with the stored seqs, before expect is looked at', async (store) => {
    const first = await store.logs.append(key, entries(1, 3), { expect: 'absent' });
    await store.logs.append(key, entries(4, 4));
    const repeat = await store.logs.append(key, entries(1, 3), { expect: 'absent' });
    expect(repeat).toEqual({ ...first, outcome: 'replayed' });
    const others = [
      { id: 'e4', body: 'another body' },
      { id: 'e2', body: 'too' },
    ];
    expect(await store.logs.append(key, others)).toMatchObject({
      firstSeq: 2,
      lastSeq: 4,
      outcome: 'replayed',
    });
    expect((await toArray(store.logs.read(key))).map((entry) => entry.body)).toEqual([1, 2, 3, 4]);
  });

  storeCase(
    'rejects with ConflictError and appends nothing when some of the ids are present',
    async (store) => {
      await store.logs.append(key, entries(1, 2));
      expect(await conflictOf(store.logs.append(key, entries(2, 3)))).toMatchObject({
        key,
        mayHaveApplied: false,
      });
      expect(await toArray(store.logs.read(key))).toHaveLength(2);
    },
  );

  storeCase('appends only where expect is the state of the log', async (store) => {
    const head = { epoch: 'none', seq: 0 };
    await conflictOf(store.logs.append(key, entries(1, 1), { expect: head }));
    await store.logs.append(key, entries(1, 1), { expect: 'absent' });
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: 'absent' }));
    const stored = await store.logs.head(key);
    if (!stored) throw new Error('the log is not there');
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: { ...stored, seq: 0 } }));
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: { ...stored, epoch: 'other' } }));
    await store.logs.append(key, entries(2, 2), { expect: stored });
    expect(await toArray(store.logs.read(key))).toHaveLength(2);
  });

  storeCase('refuses an empty append and an id that is there twice in one call', async (store) => {
    await expectCode(store.logs.append(key, []), 'INVALID_INPUT');
    await expectCode(store.logs.append(key, [...entries(1, 2), ...entries(1, 1)]), 'INVALID_INPUT');
    expect(await store.logs.head(key)).toBeUndefined();
  });

  storeCase('keeps ids apart between logs', async (store) => {
    await store.logs.append(key, entries(1, 2));
    expect(await store.logs.append(['thread', '2'], entries(1, 2))).toMatchObject({
      firstSeq: 1,
      outcome: 'appended',
    });
  });

  storeCase('rewrites only where the revision is still the stored one', async (store, clock) => {
    await store.logs.append(key, entries(1, 3));
    const at = clock.now();
    await clock.advance(1000);
    const stub = (id: string, revision: number) => ({ id, revision, body: 'redacted' });
    expect(await store.logs.rewrite(key, [stub('e1', 0), stub('e2', 1), stub('e9', 0)])).toEqual(['e1']);
    expect(await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'secret again' }])).toEqual([]);
    expect(await store.logs.rewrite(key, [stub('e1', 1), stub('e3', 0)])).toEqual(['e1', 'e3']);
    expect(await toArray(store.logs.read(key))).toEqual([
      { id: 'e1', seq: 1, at, revision: 2, body: 'redacted' },
      { id: 'e2', seq: 2, at, revision: 0, body: 2 },
      { id: 'e3', seq: 3, at, revision: 1, body: 'redacted' },
    ]);
    expect((await store.logs.head(key))?.seq).toBe(3);
    expect(await toArray(store.logs.list([]))).toEqual([{ key, updatedAt: at + 1000 }]);
  });

  storeCase('rewrites nothing in an absent log', async (store) => {
    expect(await store.logs.rewrite(['missing'], [{ id: 'e1', revision: 0, body: 1 }])).toEqual([]);
    expect(await store.logs.head(['missing'])).toBeUndefined();
  });

  storeCase('replays the append of an entry that was rewritten, and keeps the rewrite', async (store) => {
    await store.logs.append(key, entries(1, 1));
    await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'redacted' }]);
    expect(await store.logs.append(key, entries(1, 1))).toMatchObject({ outcome: 'replayed' });
    expect((await toArray(store.logs.read(key)))[0]?.body).toBe('redacted');
  });

  storeCase(
    'deletes a log with its entries and begins a new epoch when it is written anew',
    async (store) => {
      const before = await store.logs.append(key, entries(1, 5));
      expect(await store.logs.delete(key)).toBe(true);
      expect(await store.logs.delete(key)).toBe(false);
      expect(await store.logs.head(key)).toBeUndefined();
      expect(await toArray(store.logs.read(key))).toEqual([]);
      const anew = await store.logs.append(key, entries(5, 5), { expect: 'absent' });
      expect(anew).toMatchObject({ firstSeq: 1, lastSeq: 1, outcome: 'appended' });
      expect(anew.epoch).not.toBe(before.epoch);
    },
  );

  storeCase('lets the same key name a document and a log', async (store) => {
    await put(store, key, 'document', 'op');
    await store.logs.append(key, entries(1, 1));
    await store.documents.delete(key, { expect: 'any' });
    expect((await store.logs.head(key))?.seq).toBe(1);
    await put(store, key, 'document', 'op-2');
    await store.logs.delete(key);
    expect((await store.documents.get(key))?.value).toBe('document');
  });

  storeCase('lists logs as documents are listed, with the moment of the last write', async (store, clock) => {
    await store.logs.append(['t', 'b'], entries(1, 1));
    const older = clock.now();
    await clock.advance(5);
    await store.logs.append(['t', 'a'], entries(1, 1));
    await put(store, ['t', 'c'], 1, 'op');
    expect(await toArray(store.logs.list(['t']))).toEqual([
      { key: ['t', 'a'], updatedAt: clock.now() },
      { key: ['t', 'b'], updatedAt: older },
    ]);
    expect(await keysOf(store.logs.list(['t'], { after: ['t', 'a'] }))).toEqual([['t', 'b']]);
    expect(await keysOf(store.logs.list([], { limit: 1 }))).toEqual([['t', 'a']]);
  });
}
