import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidDataError, openMemory, replaceWith, type StandardSchema } from '../src/index.js';
import { notingWrites, stores } from './stores.js';

const key = ['agents', 'support', 'state'];

describe.each(stores)('on %s', (_, createStore) => {
  it('[A1] a list, a record, an object and plain values are kept as the schema describes them', async () => {
    const store = createStore();
    const list = openMemory({ schema: z.array(z.string()), initial: [], store, key: ['list'] });
    await list.update((draft) => draft.push('new item'));
    expect(await list.get()).toEqual(['new item']);

    const record = openMemory({
      schema: z.record(z.string(), z.number()),
      initial: {},
      store,
      key: ['record'],
    });
    await record.update((draft) => {
      draft['new key'] = 1;
      draft['constructor'] = 2;
    });
    expect(await record.get()).toEqual({ 'new key': 1, constructor: 2 });

    const session = z.object({ userId: z.string(), preferences: z.record(z.string(), z.json()) });
    const initial = { userId: 'user123', preferences: {} };
    const object = openMemory({ schema: session, initial, store, key: ['object'] });
    await object.update((draft) => {
      draft.preferences['theme'] = 'dark';
    });
    expect(await object.get()).toEqual({ userId: 'user123', preferences: { theme: 'dark' } });

    const count = openMemory({ schema: z.number(), initial: 0, store, key: ['count'] });
    expect(await count.update((value) => value + 1)).toBe(1);
    const flag = openMemory({ schema: z.boolean(), initial: true, store, key: ['flag'] });
    expect(await flag.update(() => false)).toBe(false);
    const ticket = openMemory({ schema: z.string().nullable(), initial: null, store, key: ['ticket'] });
    expect(await ticket.update((value) => value ?? 'T-1')).toBe('T-1');
    expect(await ticket.update(() => null)).toBeNull();
  });

  it('[A1] invalid data is refused with a path and a reason for every issue, and nothing is changed', async () => {
    const noted = notingWrites(createStore());
    const schema = z.object({ name: z.string(), scores: z.array(z.number().max(10)) });
    const memory = openMemory({ schema, initial: { name: 'Ada', scores: [1] }, store: noted.store, key });
    await memory.set({ name: 'Ada', scores: [2] });

    const refused = await memory.set({ name: 5 as never, scores: [1, 11] }).catch((error: unknown) => error);
    if (!InvalidDataError.isInstance(refused)) throw refused;
    expect(refused.name).toBe('InvalidDataError');
    expect(refused.issues.map((issue) => issue.path)).toEqual([['name'], ['scores', 1]]);
    for (const { reason } of refused.issues) expect(reason).not.toBe('');

    const spoil = memory.update((draft) => {
      draft.name = 'Eve';
      draft.scores.push(99);
    });
    await expect(spoil).rejects.toMatchObject({ code: 'INVALID_DATA', issues: [{ path: ['scores', 1] }] });
    expect(await memory.get()).toEqual({ name: 'Ada', scores: [2] });
    expect(noted.writes).toHaveLength(1);
  });

  it('[A1] what JSON cannot hold is refused, with its path', async () => {
    const memory = openMemory({
      schema: z.object({ at: z.any() }),
      initial: { at: 0 },
      store: createStore(),
      key,
    });
    const cyclic: { at: unknown } = { at: 0 };
    cyclic.at = cyclic;
    for (const at of [new Date(0), Number.NaN, () => 1, new Map(), 1n]) {
      await expect(memory.set({ at })).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'value.at' });
      const recipe = (draft: { at?: unknown }) => {
        draft.at = at;
      };
      await expect(memory.update(recipe)).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'value.at' });
    }
    await expect(memory.set(cyclic)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const knot = memory.update((draft) => {
      draft.at = draft;
    });
    await expect(knot).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await memory.get()).toEqual({ at: 0 });
  });

  it('[A1] a value above maxBytes is refused, counted in UTF-8', async () => {
    const memory = openMemory({ schema: z.string(), initial: '', store: createStore(), key, maxBytes: 10 });
    expect(await memory.set('öööö')).toBe('öööö');
    const error = { code: 'DATA_TOO_LARGE', bytes: 11, maxBytes: 10 };
    await expect(memory.set('ööööx')).rejects.toMatchObject(error);
    await expect(memory.update((text) => `${text}x`)).rejects.toMatchObject(error);
    expect(await memory.get()).toBe('öööö');
  });
});

const store = () => stores[0]?.[1]() as never;

it('[A1] without maxBytes the limit is one megabyte', async () => {
  const memory = openMemory({ schema: z.string(), initial: '', store: store(), key });
  await memory.set('x'.repeat(999_998));
  await expect(memory.set('x'.repeat(999_999))).rejects.toMatchObject({
    bytes: 1_000_001,
    maxBytes: 1_000_000,
  });
});

it('[A1] async schemas check like others', async () => {
  const schema = z.object({ name: z.string().refine(async (name) => name !== 'taken', 'is taken') });
  const memory = openMemory({ schema, initial: { name: 'free' }, store: store(), key });
  const issues = [{ path: ['name'], reason: 'is taken' }];
  await expect(memory.set({ name: 'taken' })).rejects.toMatchObject({ issues });
  expect(await memory.get()).toEqual({ name: 'free' });
});

it('[A1] what the schema fills in and tidies up is what is stored and returned', async () => {
  const schema = z.object({ name: z.string().trim(), tags: z.array(z.string()).default([]) });
  const memory = openMemory({ schema, initial: { name: ' Ada ' }, store: store(), key });
  expect(await memory.get()).toEqual({ name: 'Ada', tags: [] });
  expect(await memory.set({ name: 'Eve  ' })).toEqual({ name: 'Eve', tags: [] });
});

it('[A1] a schema that does not accept its own output unchanged is refused before anything is written', async () => {
  const noted = notingWrites(store());
  const grows = z.string().transform((text) => `${text}!`);
  const shout = openMemory({ schema: grows, initial: '', store: noted.store, key });
  await expect(shout.set('a')).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'options.schema' });
  const length = z.string().transform((text) => text.length);
  const other = openMemory({ schema: length, initial: '', store: noted.store, key });
  await expect(other.set('a')).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'options.schema' });
  expect(noted.writes).toEqual([]);
});

it('[A1] paths in every form that Standard Schema knows are reported', async () => {
  const path = ['list', 0, { key: 'name' }, Symbol('mark')];
  const schema: StandardSchema<number> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        value === 1 ? { value } : { issues: [{ message: 'no', path }, { message: 'at all' }] },
    },
  };
  const memory = openMemory({ schema, initial: 1, store: store(), key });
  await expect(memory.set(2)).rejects.toMatchObject({
    issues: [
      { path: ['list', 0, 'name', 'Symbol(mark)'], reason: 'no' },
      { path: [], reason: 'at all' },
    ],
  });
});

it('[A1] an initial value that does not fit is refused when it is needed', async () => {
  const memory = openMemory({ schema: z.number(), initial: 'zero' as never, store: store(), key });
  await expect(memory.get()).rejects.toMatchObject({ code: 'INVALID_DATA' });
  await expect(memory.update((value) => value + 1)).rejects.toMatchObject({ code: 'INVALID_DATA' });
});

it('[A1] no value gets into the message of an error', async () => {
  const canary = 'canary-7141';
  const schema = z.object({ [canary]: z.enum(['a']) }).strict();
  const memory = openMemory({ schema, initial: { [canary]: 'a' }, store: store(), key, maxBytes: 30 });
  const values = [
    { [canary]: canary },
    { [canary]: 'a', [`${canary}-2`]: 1 },
    { [canary]: 'a', long: canary },
  ];
  for (const value of values) {
    const error = (await memory.set(value as never).catch((reason: unknown) => reason)) as Error;
    expect(error.message).not.toContain(canary);
  }
});

it.each([
  ['options', undefined],
  ['options.schema', { schema: { parse: () => 1 } }],
  ['options.initial', { initial: undefined }],
  ['options.store', { store: {} }],
  ['options.schemaId', { schemaId: '' }],
  ['options.schemaVersion', { schemaVersion: 0 }],
  ['options.schemaVersion', { schemaVersion: 1.5 }],
  ['options.maxBytes', { maxBytes: -1 }],
  ['options.maxAttempts', { maxAttempts: 0 }],
  ['options.onEvent', { onEvent: 'log' }],
  ['options.clock', { clock: {} }],
  ['options.randomId', { randomId: 'id' }],
])('%s that cannot be used is refused at once: %o', (path, wrong) => {
  const options = wrong && { schema: z.number(), initial: 0, store: store(), key, ...wrong };
  expect(() => openMemory(options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', path }),
  );
});

it('a key that cannot be used is refused at once, and opening does no I/O', () => {
  const untouchable = { documents: { get: () => expect.fail(), put: () => expect.fail() } } as never;
  const open = (name: unknown) =>
    openMemory({ schema: z.number(), initial: 0, store: untouchable, key: name as never });
  expect(() => open('text')).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }));
  expect(Object.isFrozen(open(['k']))).toBe(true);
});

it('[A2] replaceWith takes parts of the draft', async () => {
  const schema = z.object({ todos: z.array(z.object({ text: z.string(), done: z.boolean() })) });
  const memory = openMemory({ schema, initial: { todos: [] }, store: store(), key });
  await memory.set({
    todos: [
      { text: 'a', done: true },
      { text: 'b', done: false },
    ],
  });
  await memory.update((draft) => {
    for (const todo of draft.todos) todo.text += '!';
    return replaceWith({ todos: draft.todos.filter((todo) => !todo.done) });
  });
  expect(await memory.get()).toEqual({ todos: [{ text: 'b!', done: false }] });
});
