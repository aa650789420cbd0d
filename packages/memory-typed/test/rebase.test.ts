import { createMemoryStore, type JsonValue, type PutOptions, redactText, type Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryEvent, openMemory } from '../src/index.js';
import { golden, openV3, profileKey } from './profiles.js';
import { stores } from './stores.js';

type Rebase = NonNullable<PutOptions['rebase']>;

/** A store that only queues: what it was asked to `rebase` is called later, on what somebody else stored meanwhile. */
function queueing(store: Store): { readonly store: Store; readonly queued: Rebase[] } {
  const queued: Rebase[] = [];
  const documents: Store['documents'] = {
    ...store.documents,
    async put(key, value, options) {
      if (!options.rebase) throw new Error('a change came without rebase');
      queued.push(options.rebase);
      return { ...(await store.documents.put(key, value, options)), pending: true };
    },
  };
  return { store: { ...store, documents }, queued };
}

const key = ['counter'];
const schema = z.object({ count: z.number().max(100), notes: z.array(z.string()) });
const initial = { count: 0, notes: [] as string[] };
const open = (store: Store, more = {}) => openMemory({ schema, initial, store, key, ...more });
const valueIn = (record: JsonValue) => (record as { readonly value: JsonValue }).value;

/** A record of the same memory, as another process stored it. */
async function recordOf(value: typeof initial, at = 5000): Promise<JsonValue> {
  const memory = open(createMemoryStore(), { clock: createTestClock(at) });
  await memory.set(value);
  return memory.exportMemory();
}

it('[A2] a queued update is made anew on what the server holds', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const events: MemoryEvent[] = [];
  const memory = open(store, { onEvent: (event: MemoryEvent) => events.push(event) });
  await memory.update((draft) => void draft.count++);
  expect(events).toMatchObject([{ type: 'memory-saved', pending: true }]);
  const made = (await queued[0]?.(await recordOf({ count: 41, notes: ['theirs'] }))) as JsonValue;
  expect(made).toMatchObject({ value: { count: 42, notes: ['theirs'] }, createdAt: 5000 });
  expect(valueIn((await queued[0]?.(undefined)) as JsonValue)).toEqual({ count: 1, notes: [] });
});

it('[A2] a queued set and a queued import keep what they are, with the times that fit', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const memory = open(store, { clock: createTestClock(9000) });
  const theirs = await recordOf({ count: 41, notes: [] });
  await memory.set({ count: 7, notes: ['mine'] });
  expect(await queued[0]?.(theirs)).toMatchObject({
    value: { count: 7, notes: ['mine'] },
    createdAt: 5000,
    updatedAt: 9000,
  });
  const imported = await recordOf({ count: 8, notes: ['imported'] }, 1000);
  await memory.importMemory(imported);
  expect(await queued[1]?.(theirs)).toEqual(imported);
});

it('[A2] a queued update that has nothing to change any more leaves what the server holds', async () => {
  const { store, queued } = queueing(createMemoryStore());
  await open(store).update((draft) => {
    draft.count = 7;
  });
  const theirs = await recordOf({ count: 7, notes: ['theirs'] });
  expect(await queued[0]?.(theirs)).toEqual(theirs);
});

it('[A2] updates that were queued in one write are all made anew; one that throws then is left out and reported', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const events: MemoryEvent[] = [];
  const memory = open(store, { coalesceMs: 50, onEvent: (event: MemoryEvent) => events.push(event) });
  const failure = new Error('too many');
  const updates = [
    memory.update((draft) => void draft.count++),
    memory.update((draft) => {
      if (draft.count > 10) throw failure;
      draft.notes.push('few');
    }),
    memory.update((draft) => void draft.notes.push('last')),
  ];
  await memory.flush();
  await Promise.all(updates);
  const made = await queued[0]?.(await recordOf({ count: 41, notes: [] }));
  expect(valueIn(made as JsonValue)).toEqual({ count: 42, notes: ['last'] });
  expect(events.filter((event) => event.type === 'update-dropped')).toEqual([
    { type: 'update-dropped', key, error: failure },
  ]);
});

it('[A2] an update that was acknowledged is made anew also where its signal was aborted since', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const memory = open(store);
  const stop = new AbortController();
  const add = (draft: typeof initial) => void draft.count++;
  const waiting = memory.update(add, { signal: stop.signal, coalesceMs: 50 });
  await memory.flush();
  await waiting;
  await memory.update(add, { signal: stop.signal });
  stop.abort();
  for (const rebase of queued)
    expect(valueIn((await rebase(await recordOf({ count: 41, notes: [] }))) as JsonValue)).toMatchObject({
      count: 42,
    });
  expect(queued).toHaveLength(2);
});

it('[A11] what is made anew is migrated, redacted and checked', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const redact = redactText((text) => text.replaceAll('canary-7141', '[removed]'));
  const profile = openV3(store, { redact });
  await profile.update((draft) => void draft.tags.push('canary-7141'));
  const made = (await queued[0]?.(golden(1))) as JsonValue;
  expect(made).toMatchObject({
    schema: { version: 3 },
    value: { names: ['Ada', 'Lovelace'], tags: ['[removed]'] },
  });
  const newer = { ...(golden(3) as object), schema: { id: 'profile', version: 4 } };
  await expect(queued[0]?.(newer)).rejects.toMatchObject({ code: 'UNKNOWN_VERSION', key: profileKey });
  await expect(queued[0]?.('damaged')).rejects.toMatchObject({ code: 'DAMAGED_RECORD', key: profileKey });
});

it('[A2] what a queued change throws when it is made anew is a typed error', async () => {
  const { store, queued } = queueing(createMemoryStore());
  const memory = open(store);
  const failure = new Error('not twice');
  let runs = 0;
  await memory.update((draft) => {
    if (runs++ > 0) throw failure;
    draft.count++;
  });
  const theirs = await recordOf({ count: 1, notes: [] });
  await expect(queued[0]?.(theirs)).rejects.toMatchObject({
    code: 'REBASE',
    name: 'RebaseError',
    key,
    cause: failure,
  });
  await memory.update((draft) => {
    draft.count += 60;
  });
  const many = await recordOf({ count: 90, notes: [] });
  await expect(queued[1]?.(many)).rejects.toMatchObject({ code: 'INVALID_DATA' });
});

it('[A2] every write of a memory can be made anew', async () => {
  for (const [, createStore] of stores) {
    const { store, queued } = queueing(createStore());
    const memory = open(store);
    await memory.set({ count: 1, notes: [] });
    await memory.update((draft) => void draft.count++);
    await memory.update((draft) => void draft.count++, { coalesceMs: 1 });
    await memory.importMemory(await recordOf({ count: 9, notes: [] }));
    expect(queued).toHaveLength(4);
  }
});
