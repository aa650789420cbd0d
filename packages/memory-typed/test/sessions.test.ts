import { createMemoryStore, type Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryEvent, openSessions } from '../src/index.js';
import { stores } from './stores.js';

const schema = z.object({ notes: z.array(z.string()), step: z.number().default(0) });
const initial = { notes: [] };
const prefix = ['app', 'sessions'];
const open = (store: Store, more = {}) => openSessions({ schema, initial, store, key: prefix, ...more });

async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const long = 'x'.repeat(10_000);
const strangeIds = [
  '../x',
  '../../etc/passwd',
  'a:b',
  'a/b',
  '*',
  'user_*',
  '%2e%2e',
  '__proto__',
  'constructor',
  '',
  ' ',
  '.',
  '\0',
  '🐕‍🦺',
  'ä'.repeat(256),
  'ä'.repeat(257),
  long,
  `${long}y`,
  'session',
  'session-hash',
];

describe.each(stores)('on %s', (_, createStore) => {
  it('[A6] sessions are saved, loaded, listed and deleted by id', async () => {
    const store = createStore();
    const sessions = open(store);
    expect(await sessions.load('one')).toBeUndefined();
    expect(await sessions.save('one', { notes: ['a'] })).toEqual({ notes: ['a'], step: 0 });
    const two = await sessions.open('two');
    expect(await two.get()).toEqual({ notes: [], step: 0 });
    expect(await sessions.load('two')).toBeUndefined();
    await two.update((draft) => void draft.notes.push('b'));
    // Whoever opens it, in another program.
    const again = open(store);
    expect(await again.load('two')).toEqual({ notes: ['b'], step: 0 });
    expect(await again.load('one')).toEqual({ notes: ['a'], step: 0 });
    expect((await toArray(again.list())).map(({ id }) => id)).toEqual(['one', 'two']);
    expect(await again.delete('one')).toBe(true);
    expect(await again.delete('one')).toBe(false);
    expect(await sessions.load('one')).toBeUndefined();
    expect((await toArray(sessions.list())).map(({ id }) => id)).toEqual(['two']);
  });

  it('[A6] ids are data, never paths, patterns or properties', async () => {
    const store = createStore();
    const other = { expect: 'absent', operationId: 'other' } as const;
    await store.documents.put(['app', 'other'], 'kept', other);
    const sessions = open(store);
    for (const [index, id] of strangeIds.entries()) await sessions.save(id, { notes: [], step: index });
    for (const [index, id] of strangeIds.entries())
      expect(await sessions.load(id)).toEqual({ notes: [], step: index });
    const listed = await toArray(sessions.list());
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(strangeIds));
    expect(listed).toHaveLength(strangeIds.length);
    expect(listed.every(({ problem }) => problem === undefined)).toBe(true);
    expect(({} as { step?: number }).step).toBeUndefined();
    for (const id of strangeIds) {
      expect(await sessions.delete(id)).toBe(true);
      expect(await sessions.load(id)).toBeUndefined();
    }
    expect(await toArray(sessions.list())).toEqual([]);
    expect((await store.documents.get(['app', 'other']))?.value).toBe('kept');
  });

  it('[A6] the list goes on after an id and stops at a limit, long ids included', async () => {
    const sessions = open(createStore());
    const ids = ['a', 'b', 'c', long, `${long}y`];
    for (const id of ids) await sessions.save(id, { notes: [] });
    const all = (await toArray(sessions.list())).map(({ id }) => id as string);
    const paged: string[] = [];
    for (;;) {
      const last = paged.at(-1);
      const page = await toArray(sessions.list({ limit: 2, ...(last === undefined ? {} : { after: last }) }));
      expect(page.length).toBeLessThanOrEqual(2);
      if (page.length === 0) break;
      paged.push(...page.map(({ id }) => id as string));
    }
    expect(paged).toEqual(all);
    expect([...paged].sort()).toEqual([...ids].sort());
  });

  it('[A6] [A8] a damaged session is listed by name, and the others load', async () => {
    const store = createStore();
    const sessions = open(store, { schemaId: 'session' });
    for (const id of ['good', 'misfit', 'newer', long]) await sessions.save(id, { notes: [] });
    const plant = async (key: readonly string[], value: (record: object) => object) => {
      const record = (await store.documents.get(key))?.value as object;
      const io = { expect: 'any', operationId: crypto.randomUUID() } as const;
      await store.documents.put(key, value(record) as never, io);
    };
    await plant([...prefix, 'session', 'misfit'], (record) => ({ ...record, value: { notes: 'canary' } }));
    await plant([...prefix, 'session', 'newer'], (record) => ({
      ...record,
      schema: { id: 'session', version: 2 },
    }));
    const longKey = (await toArray(sessions.list())).find(({ id }) => id === long)?.key ?? [];
    await plant(longKey, (record) => ({ ...record, value: null }));
    const listed = await toArray(sessions.list());
    const problems = listed.map(({ id, problem }) => [id, problem]);
    expect(problems).toEqual([
      [long, 'DAMAGED_RECORD'],
      ['good', undefined],
      ['misfit', 'DAMAGED_RECORD'],
      ['newer', 'UNKNOWN_VERSION'],
    ]);
    await plant(longKey, () => ({ nothing: 'left' }));
    const [nameless] = await toArray(sessions.list());
    expect(nameless).toEqual({ key: longKey, updatedAt: expect.any(Number), problem: 'DAMAGED_RECORD' });
    expect(await sessions.load('good')).toEqual({ notes: [], step: 0 });
    await expect(sessions.load('misfit')).rejects.toMatchObject({ code: 'DAMAGED_RECORD' });
    await expect(sessions.save('newer', { notes: [] })).rejects.toMatchObject({ code: 'UNKNOWN_VERSION' });
    expect(await sessions.delete('misfit')).toBe(true);
  });

  it('[A10] at its end a session waits for its changes, and with clearAtEnd deletes what is stored', async () => {
    const store = createStore();
    const kept = await open(store).open('kept');
    void kept.update((draft) => void draft.notes.push('late'), { coalesceMs: 10_000 });
    await kept.end();
    expect(await open(store).load('kept')).toEqual({ notes: ['late'], step: 0 });

    const events: MemoryEvent['type'][] = [];
    const sessions = open(store, {
      clearAtEnd: true,
      onEvent: (event: MemoryEvent) => events.push(event.type),
    });
    const cleared = await sessions.open('cleared');
    const heard: unknown[] = [];
    cleared.onChange(({ new: now }) => heard.push(now.notes));
    await cleared.update((draft) => void draft.notes.push('secret'));
    await cleared.end();
    expect(await sessions.load('cleared')).toBeUndefined();
    expect(heard).toEqual([['secret'], []]);
    expect(events).toEqual(['memory-saved', 'memory-cleared']);
    expect(cleared.id).toBe('cleared');
  });
});

it('[A10] sessions expire after ttlMs without a change, each for itself', async () => {
  const clock = createTestClock();
  const sessions = open(createMemoryStore({ clock }), { clock, ttlMs: 1000 });
  await sessions.save('old', { notes: [] });
  await clock.advance(600);
  await sessions.save('new', { notes: [] });
  const expiries = (await toArray(sessions.list())).map(({ id, expiresAt }) => [id, expiresAt]);
  expect(expiries).toEqual([
    ['new', clock.now() + 1000],
    ['old', clock.now() + 400],
  ]);
  await clock.advance(600);
  expect((await toArray(sessions.list())).map(({ id }) => id)).toEqual(['new']);
});

it('[A10] inactive sessions are deleted in bounded batches, and nothing else', async () => {
  const clock = createTestClock();
  const store = createMemoryStore({ clock });
  const sessions = open(store, { clock });
  const document = { expect: 'any', operationId: 'other' } as const;
  await store.documents.put([...prefix, 'other'], 'kept', document);
  await store.logs.append([...prefix, 'log'], [{ id: 'a', body: 1 }]);
  const ids = Array.from({ length: 5 }, (_, index) => `old-${index}`);
  for (const id of [...ids, long]) await sessions.save(id, { notes: [] });
  await clock.advance(5000);
  await sessions.save('old-3', { notes: ['active again'] });
  await sessions.save('new', { notes: [] });
  const olderThanMs = 5000;
  expect(await sessions.deleteInactive({ olderThanMs, limit: 2 })).toEqual({
    deleted: 2,
    failed: [],
    more: true,
  });
  expect(await toArray(sessions.list())).toHaveLength(5);
  let report = await sessions.deleteInactive({ olderThanMs, limit: 2 });
  while (report.more) report = await sessions.deleteInactive({ olderThanMs, limit: 2 });
  expect((await toArray(sessions.list())).map(({ id }) => id)).toEqual(['new', 'old-3']);
  expect((await store.documents.get([...prefix, 'other']))?.value).toBe('kept');
  expect(await store.logs.head([...prefix, 'log'])).toBeDefined();
  const wrong = sessions.deleteInactive({ olderThanMs, limit: 0 });
  await expect(wrong).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'options.limit' });
});

it('[A6] a long id is kept in the record, through changes, imports and what a queue makes anew', async () => {
  const store = createMemoryStore();
  let rebase: ((stored: undefined) => unknown) | undefined;
  const noting: Store = {
    ...store,
    documents: {
      ...store.documents,
      put(key, value, options) {
        rebase = options.rebase;
        return store.documents.put(key, value, options);
      },
    },
  };
  const sessions = open(noting);
  const session = await sessions.open(long);
  await session.set({ notes: ['a'] });
  await session.update((draft) => void draft.notes.push('b'));
  expect(await rebase?.(undefined)).toMatchObject({ name: long });
  const exported = await session.exportMemory();
  expect(exported).not.toHaveProperty('name');
  const other = await sessions.open(`${long}-copy`);
  await other.importMemory(exported);
  expect(await other.exportMemory()).toEqual(exported);
  expect(new Set((await toArray(sessions.list())).map(({ id }) => id))).toEqual(
    new Set([long, `${long}-copy`]),
  );
});

it.each([['\ud800'], ['a\udc00b'], [undefined], [7], [null], [['x']]])(
  '[A6] %j is refused as an id, by everything',
  async (id) => {
    const sessions = open(createMemoryStore());
    const wrong = id as string;
    const calls = [
      () => sessions.open(wrong),
      () => sessions.save(wrong, { notes: [] }),
      () => sessions.load(wrong),
      () => sessions.delete(wrong),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'id' });
  },
);

it('options that cannot be used are refused at once', () => {
  const store = createMemoryStore();
  expect(() => open(store, { key: Array.from({ length: 15 }, () => 'x') })).toThrow(
    expect.objectContaining({ code: 'INVALID_KEY' }),
  );
  const error = expect.objectContaining({ code: 'INVALID_INPUT', path: 'options.clearAtEnd' });
  expect(() => open(store, { clearAtEnd: 'yes' })).toThrow(error);
  expect(Object.isFrozen(open(store))).toBe(true);
});
