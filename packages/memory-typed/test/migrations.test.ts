import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MigrationError, openMemory } from '../src/index.js';
import { golden, openV1, openV2, openV3, plant, profileKey, steps } from './profiles.js';
import { notingWrites, stores } from './stores.js';

const ada = { names: ['Ada', 'Lovelace'], tags: [] as string[] };
const memoryStore = () => {
  const create = stores[0]?.[1];
  if (!create) throw new Error('no store');
  return create();
};

describe.each(stores)('on %s', (_, createStore) => {
  it.each([1, 2, 3] as const)(
    '[A5] a golden record of version %i is read by the program of version 3',
    async (version) => {
      const noted = notingWrites(createStore());
      await plant(noted.store, golden(version));
      const before = await noted.store.documents.get(profileKey);
      noted.writes.length = 0;
      const memory = openV3(noted.store);
      expect(await memory.get()).toEqual(ada);
      expect(await memory.exportMemory()).toEqual(golden(3));
      await memory.set(ada);
      await memory.update(() => {});
      expect(noted.writes).toEqual([]);
      expect(await noted.store.documents.get(profileKey)).toEqual(before);
    },
  );

  it('[A5] the next change writes the new version, and keeps when the record was made', async () => {
    const store = createStore();
    await plant(store, golden(1));
    const memory = openV3(store, { clock: createTestClock(1_767_300_000_000) });
    await memory.update((draft) => draft.tags.push('poet'));
    expect((await store.documents.get(profileKey))?.value).toEqual({
      format: 'loci-memory',
      version: 1,
      schema: { id: 'profile', version: 3 },
      createdAt: 1_767_225_600_000,
      updatedAt: 1_767_300_000_000,
      value: { ...ada, tags: ['poet'] },
    });
  });

  it('[A5] a program without steps down refuses what a newer one wrote, and overwrites nothing', async () => {
    const store = createStore();
    await plant(store, golden(3));
    const before = await store.documents.get(profileKey);
    const old = openV2(store);
    const calls = [
      old.get(),
      old.set({ first: 'x', last: 'y' }),
      old.update(() => {}),
      old.clear(),
      old.exportMemory(),
      old.statistics(),
      old.importMemory(golden(2)),
    ];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: 'UNKNOWN_VERSION', kind: 'profile', version: 3 });
    expect(await store.documents.get(profileKey)).toEqual(before);
  });

  it('[A5] a program that was given the step down reads and writes what a newer one wrote', async () => {
    const store = createStore();
    await plant(store, golden(3));
    const old = openV2(store, { migrations: { up: { 1: steps.up[1] }, down: { 3: steps.down[3] } } });
    expect(await old.get()).toEqual({ first: 'Ada', last: 'Lovelace' });
    await old.update((draft) => {
      draft.first = 'Augusta';
    });
    expect(await openV3(store).get()).toEqual({ names: ['Augusta', 'Lovelace'], tags: [] });
  });

  it('[A5] a step that throws is named, and the record stays as it is', async () => {
    const store = createStore();
    await plant(store, golden(1));
    const before = await store.documents.get(profileKey);
    const failure = new Error('canary-7141');
    const broken = openV3(store, {
      migrations: {
        up: {
          ...steps.up,
          2: () => {
            throw failure;
          },
        },
      },
    });
    for (const call of [
      broken.get(),
      broken.set(ada),
      broken.update(() => {}),
      broken.importMemory(golden(2)),
    ]) {
      const error = await call.catch((reason: unknown) => reason);
      if (!MigrationError.isInstance(error)) throw error;
      expect(error).toMatchObject({
        name: 'MigrationError',
        from: 2,
        to: 3,
        cause: failure,
        key: profileKey,
      });
      expect(error.message).not.toContain('canary-7141');
    }
    expect(await store.documents.get(profileKey)).toEqual(before);
  });
});

it.each([
  ['is not JSON', () => ({ at: new Date(0) })],
  ['is nothing', () => undefined],
  ['does not fit the schema', () => ({ names: 'canary-7141' })],
])('[A5] what a step makes that %s is a MigrationError, and nothing is written', async (_, make) => {
  const store = memoryStore();
  await plant(store, golden(2));
  const before = await store.documents.get(profileKey);
  const memory = openV3(store, { migrations: { up: { 1: steps.up[1], 2: make } } });
  const error = await memory.set(ada).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MIGRATION', from: 2, to: 3 });
  expect(String(error)).not.toContain('canary-7141');
  expect(await store.documents.get(profileKey)).toEqual(before);
});

it('[A5] a step gets a copy that it may change in place, and may be async', async () => {
  const store = memoryStore();
  await plant(store, golden(2));
  const inPlace = async (value: Record<string, unknown>) => {
    value['names'] = [value['first'], value['last']];
    value['tags'] = [];
    delete value['first'];
    delete value['last'];
    return value;
  };
  const memory = openV3(store, { migrations: { up: { 1: steps.up[1], 2: inPlace } } });
  expect(await memory.get()).toEqual(ada);
  expect((await store.documents.get(profileKey))?.value).toEqual(golden(2));
});

it('[A5] an export can be made for an older program, which imports it', async () => {
  const store = memoryStore();
  await plant(store, golden(3));
  const memory = openV3(store);
  const forOne = await memory.exportMemory({ schemaVersion: 1 });
  expect(forOne).toEqual(golden(1));
  expect(await memory.exportMemory({ schemaVersion: 2 })).toEqual(golden(2));
  const old = openV1(memoryStore());
  expect(await old.importMemory(forOne)).toEqual({ name: 'Ada Lovelace' });
  expect(await old.exportMemory()).toEqual(golden(1));
});

it('[A5] an import of another version is migrated where steps lead from there, and refused where none do', async () => {
  expect(await openV3(memoryStore()).importMemory(golden(1))).toEqual(ada);
  const down = { ...steps, up: { 1: steps.up[1] }, down: { 3: steps.down[3] } };
  expect(await openV2(memoryStore(), { migrations: down }).importMemory(golden(3))).toEqual({
    first: 'Ada',
    last: 'Lovelace',
  });
  const refused = { code: 'INVALID_INPUT', path: 'data.schema.version' };
  await expect(openV2(memoryStore()).importMemory(golden(3))).rejects.toMatchObject(refused);
  await expect(openV1(memoryStore()).importMemory(golden(2))).rejects.toMatchObject(refused);
});

it('[A5] an export of a version that no steps lead to is refused', async () => {
  const path = 'options.schemaVersion';
  for (const schemaVersion of [1, 3, 0, 1.5]) {
    const call = openV2(memoryStore()).exportMemory({ schemaVersion });
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT', path });
  }
});

const step = () => 1;
it.each([
  ['options.migrations', null],
  ['options.migrations.up', { up: 7 }],
  ['options.migrations.up', { up: { one: step } }],
  ['options.migrations.up[2]', { up: { 2: 'step' } }],
  ['options.migrations.up[2]', { up: { 1: step } }],
  ['options.migrations.up[3]', { up: { 1: step, 2: step, 3: step } }],
  ['options.migrations.down[1]', { down: { 1: step } }],
  ['options.migrations.down[3]', { down: { 2: step } }],
  ['options.migrations.down[4]', { down: { 5: step } }],
])('[A5] %s that cannot be used is refused at once: %o', (path, migrations) => {
  const open = () =>
    openMemory({
      schema: z.number(),
      initial: 0,
      store: memoryStore(),
      key: ['k'],
      schemaVersion: 3,
      migrations: migrations as never,
    });
  expect(open).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', path }));
});
