import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createMemoryStore, type JsonValue, redactText, type Store } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MemoryEvent, openMemory, replaceWith } from '../src/index.js';
import { notingWrites, stores } from './stores.js';
import { temporaryFile } from './temporary-file.js';

const canary = 'canary-7141';
const key = ['memory'];
const schema = z.object({ notes: z.array(z.string()), level: z.enum(['low', 'high', '[removed]']) });
const initial = { notes: [`born with ${canary}`], level: 'low' as const };
const redact = redactText((text) => text.replaceAll(canary, '[removed]'));
const open = (store: Store, more = {}) => openMemory({ schema, initial, store, key, redact, ...more });

it('[A11] what redact takes out is in no byte of the file, no hook, event, export, statistics or error', async () => {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  const told: unknown[] = [];
  const memory = open(store, { onEvent: (event: MemoryEvent) => told.push(event) });
  memory.onChange((change) => void told.push(change));
  const stop = new AbortController();
  const watched = (async () => {
    for await (const change of memory.watch({ signal: stop.signal })) told.push(change);
  })();

  told.push(await memory.get());
  told.push(await memory.set({ notes: ['kept', `a ${canary}`], level: 'low' }));
  told.push(await memory.update((draft) => void draft.notes.push(`b ${canary}`, 'kept too')));
  told.push(await memory.update((draft) => replaceWith({ ...draft, notes: [...draft.notes, canary] })));
  const waiting = [1, 2].map((n) =>
    memory.update((draft) => void draft.notes.push(`${n} ${canary}`), { coalesceMs: 50 }),
  );
  await memory.flush();
  told.push(...(await Promise.all(waiting)));
  const imported = { ...(await memory.exportMemory()), value: { notes: [canary, 'kept'], level: 'high' } };
  told.push(await memory.importMemory(imported));
  told.push(await memory.set({ notes: [], level: canary as 'low' }));
  const misfit = { notes: [canary], level: `x${canary}` as 'low' };
  told.push(await memory.set(misfit).catch((error: unknown) => describeError(error)));
  told.push(await memory.exportMemory(), await memory.statistics());
  await expect.poll(() => told.length).toBeGreaterThan(12);
  stop.abort();
  await watched;
  await store.close();

  const everything = JSON.stringify(told);
  expect(everything).not.toContain(canary);
  expect(everything).toContain('[removed]');
  for (const file of readdirSync(dirname(path))) {
    const bytes = readFileSync(join(dirname(path), file), 'latin1');
    expect(bytes).not.toContain(canary);
    if (file === 'store.db') expect(bytes).toContain('[removed]');
  }
});

function describeError(error: unknown): JsonValue {
  const { message, cause, ...data } = error as Error;
  expect(data).toMatchObject({ code: 'INVALID_DATA' });
  return JSON.parse(JSON.stringify({ message, cause: String(cause), data }));
}

describe.each(stores)('on %s', (_, createStore) => {
  it('[A11] a patch that would show what was taken out is the whole redacted value instead', async () => {
    const memory = open(createStore());
    const patches: unknown[] = [];
    memory.onChange(({ patch }) => patches.push(patch));
    await memory.update((draft) => void draft.notes.push(canary));
    await memory.update((draft) => void draft.notes.push('plain'));
    expect(patches).toEqual([
      [{ op: 'replace', path: '', value: { notes: ['born with [removed]', '[removed]'], level: 'low' } }],
      [{ op: 'add', path: '/notes/2', value: 'plain' }],
    ]);
  });

  it('[A11] what redact leaves must fit the schema, else nothing is written', async () => {
    const noted = notingWrites(createStore());
    const cut = (value: JsonValue) => (JSON.stringify(value).includes(canary) ? { notes: 7 } : value);
    const memory = open(noted.store, { redact: cut, initial: { notes: [], level: 'low' } });
    await expect(memory.set({ notes: [canary], level: 'low' })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
    expect(noted.writes).toEqual([]);
    expect(await memory.get()).toEqual({ notes: [], level: 'low' });
  });

  it('[A11] a redact that throws, waits or makes no JSON is an error that quotes nothing, and nothing is written', async () => {
    const noted = notingWrites(createStore());
    const wrong = [
      () => {
        throw new Error(canary);
      },
      async (value: JsonValue) => value,
      () => new Date(0),
      () => undefined,
    ];
    for (const redact of wrong) {
      const call = open(noted.store, { redact }).set({ notes: [canary], level: 'low' });
      const error = await call.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'INVALID_INPUT', path: expect.stringMatching(/^options\.redact/) });
      expect(`${error} ${(error as Error).cause}`).not.toContain(canary);
    }
    expect(noted.writes).toEqual([]);
  });

  it('[A11] what was stored before there was a redaction is not shown, and leaves with the next change', async () => {
    const store = createStore();
    const before = open(store, { redact: undefined });
    await before.set({ notes: [canary], level: 'low' });
    const memory = open(store);
    const heard: unknown[] = [];
    memory.onChange((change) => heard.push(change));
    const shown = [await memory.get(), await memory.exportMemory()];
    await memory.update((draft) => void draft.notes.push('b'));
    expect(JSON.stringify([shown, heard, await before.get()])).not.toContain(canary);
    expect(await before.get()).toEqual({ notes: ['[removed]', 'b'], level: 'low' });
  });
});

it('[A11] an option that is no function is refused', () => {
  const error = expect.objectContaining({ code: 'INVALID_INPUT', path: 'options.redact' });
  expect(() => open(createMemoryStore(), { redact: 'x' })).toThrow(error);
});
