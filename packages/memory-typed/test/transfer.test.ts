import { createMemoryStore, type Store } from '@loci/core';
import { createTestClock } from '@loci/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openMemory } from '../src/index.js';
import { notingWrites, stores } from './stores.js';

const schema = z.object({ name: z.string(), tags: z.array(z.string()).default([]) });
const initial = { name: 'nobody' };
const open = (store: Store, key: string, more = {}) =>
  openMemory({ schema, initial, store, key: [key], schemaId: 'person', schemaVersion: 3, ...more });
const memoryStore = () => stores[0]?.[1]() as Store;

describe.each(stores)('on %s', (_, createStore) => {
  it('[A4] an export is plain JSON with format, schema, times and value', async () => {
    const clock = createTestClock(1000);
    const memory = open(createStore(), 'a', { clock });
    const unsaved = { format: 'loci-memory', version: 1, schema: { id: 'person', version: 3 } };
    const value = { name: 'nobody', tags: [] };
    expect(await memory.exportMemory()).toEqual({ ...unsaved, createdAt: null, updatedAt: null, value });
    await memory.set({ name: 'Ada' });
    await clock.advance(500);
    await memory.update((draft) => draft.tags.push('x'));
    const exported = await memory.exportMemory();
    expect(exported).toEqual({
      ...unsaved,
      createdAt: 1000,
      updatedAt: 1500,
      value: { name: 'Ada', tags: ['x'] },
    });
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
  });

  it('[A4] [A5] every stored record carries the id and version of its schema', async () => {
    const store = createStore();
    await open(store, 'a').set({ name: 'Ada' });
    expect((await store.documents.get(['a']))?.value).toMatchObject({ schema: { id: 'person', version: 3 } });
    await openMemory({ schema, initial, store, key: ['b'] }).set({ name: 'Ada' });
    expect((await store.documents.get(['b']))?.value).toMatchObject({ schema: { id: 'memory', version: 1 } });
  });

  it('[A4] export → import → export is identical, into another memory and over another value', async () => {
    const store = createStore();
    const from = open(store, 'a', { clock: createTestClock(1000) });
    await from.set({ name: 'Ada', tags: ['x'] });
    const exported = JSON.stringify(await from.exportMemory());
    for (const [key, before] of [['b'], ['c', { name: 'Eve', tags: [] }]] as const) {
      const to = open(store, key);
      if (before) await to.set(before);
      const changes: unknown[] = [];
      to.onChange((change) => changes.push([change.old.name, change.new.name]));
      expect(await to.importMemory(JSON.parse(exported))).toEqual({ name: 'Ada', tags: ['x'] });
      expect(JSON.stringify(await to.exportMemory())).toBe(exported);
      expect(changes).toEqual([[before?.name ?? 'nobody', 'Ada']]);
    }
  });

  it('[A4] what cannot be imported is refused with its path, and nothing is changed', async () => {
    const noted = notingWrites(createStore());
    const memory = open(noted.store, 'a');
    await memory.set({ name: 'Ada' });
    const good = await memory.exportMemory();
    const bad: [path: string, data: unknown][] = [
      ['data.format', null],
      ['data.format', 'text'],
      ['data.format', [good]],
      ['data.format', { ...good, format: 'loci-thread' }],
      ['data.version', { ...good, version: 2 }],
      ['data.version', { ...good, version: '1' }],
      ['data.schema.id', { ...good, schema: { id: 'ticket', version: 3 } }],
      ['data.schema.id', { ...good, schema: 'person' }],
      ['data.schema.version', { ...good, schema: { id: 'person', version: 4 } }],
      ['data.schema.version', { ...good, schema: { id: 'person', version: 2 } }],
      ['data.schema.version', { ...good, schema: { id: 'person' } }],
      ['data.createdAt', { ...good, createdAt: 'now' }],
      ['data.updatedAt', { ...good, updatedAt: -1 }],
      ['data.value', { ...good, value: undefined }],
      ['data.value.name', { ...good, value: { name: new Date(0) } }],
    ];
    for (const [path, data] of bad) {
      await expect(memory.importMemory(data)).rejects.toMatchObject({ code: 'INVALID_INPUT', path });
    }
    const misfit = memory.importMemory({ ...good, value: { name: 1 } });
    await expect(misfit).rejects.toMatchObject({ code: 'INVALID_DATA', issues: [{ path: ['name'] }] });
    const large = open(noted.store, 'a', { maxBytes: 30 }).importMemory({
      ...good,
      value: { name: 'x'.repeat(30), tags: [] },
    });
    await expect(large).rejects.toMatchObject({ code: 'DATA_TOO_LARGE' });
    expect(await memory.exportMemory()).toEqual(good);
    expect(noted.writes).toHaveLength(1);
  });

  it('[A5] a record of another schema or version is refused by everything, and never overwritten', async () => {
    const store = createStore();
    const newer = open(store, 'a', { schemaVersion: 4 });
    await newer.set({ name: 'from the future' });
    const before = await store.documents.get(['a']);
    const others = [
      [open(store, 'a'), { kind: 'person', version: 4 }],
      [open(store, 'a', { schemaVersion: 5 }), { kind: 'person', version: 4 }],
      [open(store, 'a', { schemaId: 'ticket', schemaVersion: 4 }), { kind: 'person', version: 4 }],
    ] as const;
    for (const [memory, found] of others) {
      const own = await open(store, 'own', { schemaVersion: 3 }).exportMemory();
      const calls = [memory.get(), memory.set({ name: 'x' }), memory.update(() => {}), memory.exportMemory()];
      if (memory === others[0][0]) calls.push(memory.importMemory(own));
      for (const call of calls) {
        await expect(call).rejects.toMatchObject({ code: 'UNKNOWN_VERSION', key: ['a'], ...found });
      }
    }
    expect(await store.documents.get(['a'])).toEqual(before);
    expect(await newer.get()).toEqual({ name: 'from the future', tags: [] });
  });

  it('[A8] a damaged record is refused with its key, and never overwritten', async () => {
    const store = createStore();
    const memory = open(store, 'a');
    await memory.set({ name: 'canary-7141' });
    const good = await memory.exportMemory();
    const damaged = [
      'text',
      {},
      { ...good, version: 0 },
      { ...good, schema: {} },
      { ...good, value: { name: 1 } },
    ];
    for (const [index, value] of damaged.entries()) {
      await store.documents.put(['a'], value, { expect: 'any', operationId: `damage-${index}` });
      const before = await store.documents.get(['a']);
      const calls = [
        memory.get(),
        memory.set({ name: 'x' }),
        memory.update(() => {}),
        memory.exportMemory(),
        memory.importMemory(good),
      ];
      for (const call of calls) {
        await expect(call).rejects.toMatchObject({ code: 'DAMAGED_RECORD', key: ['a'] });
        await expect(call).rejects.not.toThrow('canary-7141');
      }
      expect(await store.documents.get(['a'])).toEqual(before);
    }
    await store.documents.put(['a'], { ...good, version: 2 }, { expect: 'any', operationId: 'newer' });
    await expect(memory.set({ name: 'x' })).rejects.toMatchObject({
      code: 'UNKNOWN_VERSION',
      kind: 'loci-memory',
    });
  });
});

it('[A4] export → import → export is identical for any JSON value', async () => {
  const store = createMemoryStore();
  const anyJson = (key: string) => openMemory({ schema: z.json(), initial: null, store, key: [key] });
  const [from, to] = [anyJson('from'), anyJson('to')];
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      await from.set(value as never);
      const exported = JSON.stringify(await from.exportMemory());
      await to.importMemory(JSON.parse(exported));
      expect(JSON.stringify(await to.exportMemory())).toBe(exported);
      expect(await to.get()).toEqual(await from.get());
    }),
    { numRuns: 200 },
  );
});

it('[A4] an export is not tied to the memory: it is frozen, and importing it keeps nothing of it', async () => {
  const memory = open(memoryStore(), 'a');
  const exported = await memory.exportMemory();
  expect([exported, exported.schema, exported.value].every(Object.isFrozen)).toBe(true);
  const mine = structuredClone(exported) as unknown as { value: { name: string } };
  const imported = memory.importMemory(mine);
  mine.value.name = 'later';
  expect(await imported).toEqual({ name: 'nobody', tags: [] });
});

it('[A4] what is written between two milliseconds can be read again', async () => {
  const memory = open(memoryStore(), 'a', { clock: createTestClock(1000.7) });
  await memory.set({ name: 'Ada' });
  expect(await memory.exportMemory()).toMatchObject({ createdAt: 1000, updatedAt: 1000 });
});

it('[A4] the import of an unsaved memory counts as one until it is changed', async () => {
  const memory = open(memoryStore(), 'a', { clock: createTestClock(1000) });
  await memory.importMemory(await memory.exportMemory());
  expect(await memory.exportMemory()).toMatchObject({ createdAt: null, updatedAt: null });
  await memory.set({ name: 'Ada' });
  expect(await memory.exportMemory()).toMatchObject({ createdAt: 1000, updatedAt: 1000 });
});
