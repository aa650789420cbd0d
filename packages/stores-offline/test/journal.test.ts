import { createMemoryStore, type JsonValue, type Key, type Store, StoreUnavailableError } from '@loci/core';
import { expect, it } from 'vitest';
import { addOne, entries, expectCode, idsOf, put, setUp, toArray, valueAt } from './tools.js';

const key = ['user', '1'];
const log = ['thread', '1'];

/** A journal that refuses what `when` says. */
function failing(journal: Store, when: (place: Key) => boolean): Store {
  return {
    ...journal,
    documents: {
      ...journal.documents,
      async put(place, value, io) {
        if (when(place)) throw new StoreUnavailableError('the disk is full');
        return journal.documents.put(place, value, io);
      },
    },
  };
}

async function placesOf(journal: Store, kind: string): Promise<Key[]> {
  return (await toArray(journal.documents.list(['offline', kind]))).map((listed) => listed.key);
}

it('[G4] a copy that cannot be written is an event, and never the error of a call', async () => {
  const journal = failing(createMemoryStore(), ([, kind]) =>
    ['documents', 'logs', 'entries'].includes(kind ?? ''),
  );
  const { store, backend, events } = setUp({ journal });
  await put(store, key, 1);
  await store.logs.append(log, entries(1));
  expect(await valueAt(store, key)).toBe(1);
  await store.close();
  expect(events).toContainEqual(expect.objectContaining({ type: 'journal-failed' }));
  expect(await valueAt(backend, key)).toBe(1);
});

it('[G4] a write that the journal does not take is refused, and not delivered later either', async () => {
  let full = true;
  const memory = createMemoryStore();
  const { store, backend, go, open, comeBack } = setUp({
    journal: failing(memory, ([, kind]) => kind === 'queue' && full),
  });
  go('down');
  await expectCode(addOne(store, key), 'STORE_UNAVAILABLE');
  expect(await valueAt(store, key)).toBeUndefined();
  full = false;
  await addOne(store, key);
  await store.close();
  const next = open();
  await comeBack(next);
  expect(await valueAt(backend, key)).toBe(1);
});

it('[G4] a damaged record of the copy is named while the server is away, and mended when it is back', async () => {
  const damage: readonly [string, JsonValue][] = [
    ['documents', { key: [...key], state: 'present', value: 1 }],
    ['documents', 'SECRET'],
    ['logs', { key: [...log], state: 'present', epoch: 7 }],
    ['entries', { epoch: 'e', entries: [{ seq: 'SECRET' }] }],
  ];
  for (const [kind, value] of damage) {
    const { store, journal, go, open } = setUp();
    await put(store, key, 1);
    await store.logs.append(log, entries(1));
    await store.close();
    const [place = []] = await placesOf(journal, kind);
    await put(journal, place, value);
    go('down');
    const next = open();
    const read = () => (kind === 'documents' ? valueAt(next, key) : idsOf(next, log));
    const error = await read().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key: place });
    expect(String(error)).not.toContain('SECRET');
    go('up');
    await put(next, ['other'], 1);
    await next.flush();
    await read();
    await next.close();
    go('down');
    const last = open();
    expect(await (kind === 'documents' ? valueAt(last, key) : idsOf(last, log))).toEqual(
      kind === 'documents' ? 1 : ['e1'],
    );
  }
});

it('[G4] a hook that never answers refuses its write, and the queue goes on', async () => {
  const { store, backend, go, clock } = setUp({ onConflict: () => new Promise(() => {}), deadlineMs: 1000 });
  await put(store, key, 1);
  go('down');
  await put(store, key, 2);
  await put(store, ['after'], 1);
  await put(backend, key, 3);
  go('up');
  const flushed = store.flush({ timeoutMs: 5000 });
  await clock.advance(1000);
  await flushed;
  expect(await valueAt(backend, key)).toBe(3);
  expect(await valueAt(backend, ['after'])).toBe(1);
  expect((await store.refused()).map(({ write }) => write)).toMatchObject([{ op: 'put', value: 2 }]);
});

it('[G4] the journal holds an append of a long log in chunks, so that it costs the same however long the log is', async () => {
  const written: JsonValue[] = [];
  const memory = createMemoryStore();
  const journal: Store = {
    ...memory,
    documents: {
      ...memory.documents,
      put(place, value, io) {
        if (place[1] === 'entries') written.push(value);
        return memory.documents.put(place, value, io);
      },
    },
  };
  const { store, clock } = setUp({ journal });
  for (let count = 0; count < 200; count++) {
    await store.logs.append(log, [{ id: `${count}`, body: 'x'.repeat(100) }]);
    await clock.advance(20);
  }
  expect(written.length).toBeGreaterThan(150);
  expect(Math.max(...written.map((value) => JSON.stringify(value).length))).toBeLessThan(32 * 250);
});
