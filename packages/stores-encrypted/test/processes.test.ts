import { createSqliteStore } from '@loci/stores-sqlite';
import { type StoreWork, storeProcesses } from '@loci/testing/store';
import { describe, expect, it, vi } from 'vitest';
import { encrypted, keyRing, rotate } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { bodiesOf, bytes, entries, newRing, oldRing, put, readValue, toArray } from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

storeProcesses(
  { describe, it },
  {
    name: 'encrypted(SQLite)',
    create() {
      const path = temporaryFile();
      const start = async (work: StoreWork) => {
        const { code } = await startChild('store-work.mjs', path, JSON.stringify(work)).ended;
        expect(code).toBe(0);
      };
      return { store: encrypted(createSqliteStore({ path }), { keys: newRing() }), start };
    },
  },
);

it('[A8] processes that write while others rotate and are killed at it lose nothing, and a last rotation completes it', {
  timeout: 30_000,
}, async () => {
  const path = temporaryFile();
  const inner = createSqliteStore({ path });
  const store = encrypted(inner, { keys: oldRing() });
  for (let index = 0; index < 50; index++) await put(store, ['d', `${index}`], index, 'op');
  await store.logs.append(['l'], entries(1, 1000));

  const writers = ['one', 'two', 'three'].map((name, index) =>
    startChild('write.mjs', path, name, index === 0 ? 'k1' : 'k2', `${1 + index * 50}`),
  );
  for (const writer of writers) expect(await writer.line()).toBe('ready');
  for (const writer of writers) writer.tell('go');
  // Each is killed a little later in its work, and begins where the one before it was ended.
  for (const pages of [3, 54, 58, 20]) {
    const rotating = startChild('rotate.mjs', path);
    for (let lines = 0; lines < pages; lines++) expect(await rotating.line()).toMatch(/^\d+$/);
    rotating.kill();
    expect((await rotating.ended).signal).toBe('SIGKILL');
  }
  for (const writer of writers) {
    expect((await writer.rest()).at(-1)).toBe('done');
    expect((await writer.ended).code).toBe(0);
  }
  expect(await rotate(inner, { keys: newRing() })).toMatchObject({ failed: [], more: false });

  const after = encrypted(inner, { keys: keyRing({ current: 'k2', keys: { k2: bytes(2) } }) });
  for (let index = 0; index < 50; index++) expect(await readValue(after, ['d', `${index}`])).toBe(index);
  expect(await readValue(after, ['counter'])).toBe(150);
  expect(new Set((await toArray(after.logs.read(['shared']))).map(({ id }) => id)).size).toBe(150);
  expect(await bodiesOf(after, ['l'])).toEqual(
    Array.from({ length: 1000 }, (_, index) => (index < 150 ? `redacted ${index + 1}` : index + 1)),
  );
  await inner.close();
});
