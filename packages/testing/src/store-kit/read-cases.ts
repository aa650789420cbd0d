import { equal, holds, toArray } from '../kit/assertions.js';
import { storeCase } from './store-case.js';
import { bodiesOf, entries } from './tools.js';

const key = ['log'];

export const readCases = [
  storeCase('read/absent', '`read` gives nothing of an absent log', async (store) => {
    equal(await toArray(store.logs.read(key)), []);
    equal(await store.logs.head(key), undefined);
  }),

  storeCase('read/range', '`read` goes from and to inclusively, both ways, up to a limit', async (store) => {
    await store.logs.append(key, entries(1, 10));
    const seqs = async (options: Parameters<typeof store.logs.read>[1]) =>
      (await toArray(store.logs.read(key, options))).map((entry) => entry.seq);
    equal(await seqs({ from: 3, to: 5 }), [3, 4, 5]);
    equal(await seqs({ from: 9 }), [9, 10]);
    equal(await seqs({ to: 2 }), [1, 2]);
    equal(await seqs({ from: 9, to: 99 }), [9, 10]);
    equal(await seqs({ from: 0, to: 1 }), [1]);
    equal(await seqs({ from: 11 }), []);
    equal(await seqs({ from: 5, to: 4 }), []);
    equal(await seqs({ limit: 2 }), [1, 2]);
    equal(await seqs({ limit: 0 }), []);
    equal(await seqs({ reverse: true, limit: 3 }), [10, 9, 8]);
    equal(await seqs({ reverse: true, from: 3, to: 5 }), [5, 4, 3]);
    equal(await seqs({ reverse: true, from: 3, to: 5, limit: 2 }), [5, 4]);
  }),

  storeCase('read/long', '`read` gives a long log completely in both directions', async (store) => {
    await store.logs.append(key, entries(1, 2000));
    const up = await bodiesOf(store, key);
    equal(
      up,
      Array.from({ length: 2000 }, (_, index) => index + 1),
    );
    const down = (await toArray(store.logs.read(key, { reverse: true }))).map((entry) => entry.body);
    equal(down, up.reverse());
  }),

  storeCase(
    'read/while-appending',
    '`read` shows no gap when entries are appended meanwhile',
    async (store) => {
      await store.logs.append(key, entries(1, 600));
      let next = 601;
      const seqs: number[] = [];
      for await (const entry of store.logs.read(key)) {
        seqs.push(entry.seq);
        if (entry.seq % 100 === 0 && next < 700) await store.logs.append(key, entries(next, next++));
      }
      holds(seqs.length >= 600, `only ${seqs.length} entries were read`);
      equal(
        seqs,
        seqs.map((_, index) => index + 1),
      );
    },
  ),

  storeCase(
    'read/while-written-anew',
    '`read` never mixes the entries of two logs when one is deleted and written anew meanwhile',
    async (store) => {
      await store.logs.append(key, entries(1, 600));
      const bodies: unknown[] = [];
      for await (const entry of store.logs.read(key)) {
        bodies.push(entry.body);
        if (bodies.length !== 10) continue;
        await store.logs.delete(key);
        const other = entries(1, 600).map(({ id }) => ({ id, body: 'another log' }));
        await store.logs.append(key, other);
      }
      equal(
        bodies,
        bodies.map((_, index) => index + 1),
      );
    },
  ),

  storeCase('read/copy', 'what is appended and what is read are copies', async (store) => {
    const body = { list: [1] };
    await store.logs.append(key, [{ id: 'e', body }]);
    body.list.push(2);
    const [read] = await bodiesOf(store, key);
    if (!Object.isFrozen(read)) Object.assign(read as object, { list: [3] });
    equal(await bodiesOf(store, key), [{ list: [1] }]);
  }),
];
