import { conflictOf, equal, holds, like, rejectsWith, toArray } from '../kit/assertions.js';
import { storeCase } from './store-case.js';
import { bodiesOf, entries, keysOf, put } from './tools.js';

const key = ['thread', '1'];

export const logCases = [
  storeCase('logs/seqs', '`append` numbers entries from 1 without gaps', async (store, clock) => {
    const first = await store.logs.append(key, entries(1, 2));
    like(first, { firstSeq: 1, lastSeq: 2, outcome: 'appended' });
    const second = await store.logs.append(key, entries(3, 3));
    equal(second, { epoch: first.epoch, firstSeq: 3, lastSeq: 3, outcome: 'appended' });
    equal(
      await toArray(store.logs.read(key)),
      [1, 2, 3].map((seq) => ({ id: `e${seq}`, body: seq, seq, at: clock.now(), revision: 0 })),
    );
    equal(await store.logs.head(key), { epoch: first.epoch, seq: 3 });
  }),

  storeCase('logs/contiguous', 'all or nothing, one contiguous run of seqs.', async (store) => {
    const receipts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => store.logs.append(key, entries(index * 3, index * 3 + 2))),
    );
    const read = await toArray(store.logs.read(key));
    equal(
      read.map((entry) => entry.seq),
      Array.from({ length: 90 }, (_, index) => index + 1),
    );
    for (const [index, { firstSeq, lastSeq }] of receipts.entries()) {
      equal(lastSeq - firstSeq, 2);
      const run = read.slice(firstSeq - 1, lastSeq).map((entry) => entry.id);
      equal(
        run,
        entries(index * 3, index * 3 + 2).map(({ id }) => id),
      );
    }
  }),

  storeCase(
    'logs/all-or-nothing',
    'an append of which one entry is refused leaves nothing of the others',
    async (store) => {
      await store.logs.append(key, entries(1, 1));
      const bad = [...entries(2, 20), { id: 'bad', body: undefined as unknown as null }];
      await rejectsWith(store.logs.append(key, bad), 'INVALID_INPUT');
      equal(await bodiesOf(store, key), [1]);
      like(await store.logs.append(key, entries(2, 20)), { firstSeq: 2, lastSeq: 20 });
    },
  ),

  storeCase(
    'logs/replay',
    'all ids present: `replayed` with the stored seqs, before `expect` is looked at; the first write won',
    async (store) => {
      const first = await store.logs.append(key, entries(1, 3), { expect: 'absent' });
      await store.logs.append(key, entries(4, 4));
      const repeat = await store.logs.append(key, entries(1, 3), { expect: 'absent' });
      equal(repeat, { ...first, outcome: 'replayed' });
      const others = [
        { id: 'e4', body: 'another body' },
        { id: 'e2', body: 'too' },
      ];
      like(await store.logs.append(key, others), { firstSeq: 2, lastSeq: 4, outcome: 'replayed' });
      equal(await bodiesOf(store, key), [1, 2, 3, 4]);
    },
  ),

  storeCase(
    'logs/partly-present',
    'some ids present: `ConflictError`, and nothing is appended',
    async (store) => {
      await store.logs.append(key, entries(1, 2));
      like(await conflictOf(store.logs.append(key, entries(2, 3))), { key, mayHaveApplied: false });
      equal(await bodiesOf(store, key), [1, 2]);
    },
  ),

  storeCase('logs/expect', '`append` appends only where `expect` is the state of the log', async (store) => {
    const head = { epoch: 'none', seq: 0 };
    await conflictOf(store.logs.append(key, entries(1, 1), { expect: head }));
    await store.logs.append(key, entries(1, 1), { expect: 'absent' });
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: 'absent' }));
    const stored = await store.logs.head(key);
    holds(stored, 'the log is not there');
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: { ...stored, seq: 0 } }));
    await conflictOf(store.logs.append(key, entries(2, 2), { expect: { ...stored, epoch: 'other' } }));
    await store.logs.append(key, entries(2, 2), { expect: stored });
    equal(await bodiesOf(store, key), [1, 2]);
  }),

  storeCase(
    'logs/refused',
    '`append` refuses no entries at all, and an id that is there twice in one call',
    async (store) => {
      await rejectsWith(store.logs.append(key, []), 'INVALID_INPUT');
      await rejectsWith(store.logs.append(key, [...entries(1, 2), ...entries(1, 1)]), 'INVALID_INPUT');
      equal(await store.logs.head(key), undefined);
    },
  ),

  storeCase(
    'logs/rewrite',
    'only where `revision` is still the stored one, so a rotation never brings back what a redaction removed.',
    async (store, clock) => {
      await store.logs.append(key, entries(1, 3));
      const at = clock.now();
      await clock.advance(1000);
      const stub = (id: string, revision: number) => ({ id, revision, body: 'redacted' });
      equal(await store.logs.rewrite(key, [stub('e1', 0), stub('e2', 1), stub('e9', 0)]), ['e1']);
      equal(await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'secret again' }]), []);
      equal(await store.logs.rewrite(key, [stub('e1', 1), stub('e3', 0)]), ['e1', 'e3']);
      equal(await toArray(store.logs.read(key)), [
        { id: 'e1', seq: 1, at, revision: 2, body: 'redacted' },
        { id: 'e2', seq: 2, at, revision: 0, body: 2 },
        { id: 'e3', seq: 3, at, revision: 1, body: 'redacted' },
      ]);
      equal((await store.logs.head(key))?.seq, 3);
      equal(await toArray(store.logs.list([])), [{ key, updatedAt: at + 1000 }]);
    },
  ),

  storeCase('logs/rewrite-absent', '`rewrite` writes nothing into an absent log', async (store) => {
    equal(await store.logs.rewrite(['missing'], [{ id: 'e1', revision: 0, body: 1 }]), []);
    equal(await store.logs.head(['missing']), undefined);
  }),

  storeCase(
    'logs/replay-rewritten',
    'the append of an entry that was rewritten is replayed, and the rewrite stays',
    async (store) => {
      await store.logs.append(key, entries(1, 1));
      await store.logs.rewrite(key, [{ id: 'e1', revision: 0, body: 'redacted' }]);
      like(await store.logs.append(key, entries(1, 1)), { outcome: 'replayed' });
      equal(await bodiesOf(store, key), ['redacted']);
    },
  ),

  storeCase(
    'logs/delete',
    '`delete` deletes a log with its entries; written anew it has a new epoch',
    async (store) => {
      const before = await store.logs.append(key, entries(1, 5));
      equal(await store.logs.delete(key), true);
      equal(await store.logs.delete(key), false);
      equal(await store.logs.head(key), undefined);
      equal(await bodiesOf(store, key), []);
      const anew = await store.logs.append(key, entries(5, 5), { expect: 'absent' });
      like(anew, { firstSeq: 1, lastSeq: 1, outcome: 'appended' });
      holds(anew.epoch !== before.epoch, 'the epoch is the same');
    },
  ),

  storeCase(
    'logs/list',
    '`list` lists logs as documents are listed, with the moment of the last write',
    async (store, clock) => {
      await store.logs.append(['t', 'b'], entries(1, 1));
      const older = clock.now();
      await clock.advance(5);
      await store.logs.append(['t', 'a'], entries(1, 1));
      await put(store, ['t', 'c'], 1, 'op');
      equal(await toArray(store.logs.list(['t'])), [
        { key: ['t', 'a'], updatedAt: clock.now() },
        { key: ['t', 'b'], updatedAt: older },
      ]);
      equal(await keysOf(store.logs.list(['t'], { after: ['t', 'a'] })), [['t', 'b']]);
      equal(await keysOf(store.logs.list([], { limit: 1 })), [['t', 'a']]);
    },
  ),
];
