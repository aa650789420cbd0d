import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, put, toArray } from './tools.js';

it('[A8] a backup is a store of its own with everything as of one moment', async () => {
  const path = temporaryFile();
  const copy = `${path}.copy`;
  const store = createSqliteStore({ path });
  const { version } = await put(store, ['k'], { a: 1 }, 'op');
  const { epoch } = await store.logs.append(['l'], entries(1, 500));
  await store.backup(copy);
  await store.logs.append(['l'], entries(501, 501));
  expect(readdirSync(dirname(path)).filter((name) => name.includes('copy'))).toEqual(['store.db.copy']);

  const restored = createSqliteStore({ path: copy });
  expect(await restored.documents.get(['k'])).toMatchObject({ value: { a: 1 }, version });
  expect(await put(restored, ['k'], 2, 'op')).toEqual({ version, replayed: true });
  expect(await restored.logs.head(['l'])).toEqual({ epoch, seq: 500 });
  expect(await restored.logs.append(['l'], entries(501, 502))).toMatchObject({ firstSeq: 501 });
  await restored.close();
  expect(await store.logs.head(['l'])).toEqual({ epoch, seq: 501 });
  await store.close();
});

it('a backup can be made while other processes write', { timeout: 30_000 }, async () => {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  await store.logs.append(['before'], entries(1, 1));
  const writer = startChild('worker.mjs', path, 'append', 'writer', '2000');
  expect(await writer.line()).toBe('ready');
  writer.tell('go');
  const lengths: number[] = [];
  for (let round = 0; round < 5; round++) {
    const copy = `${path}.copy-${round}`;
    await store.backup(copy);
    const restored = createSqliteStore({ path: copy });
    const read = await toArray(restored.logs.read(['shared']));
    expect(read.map((entry) => entry.seq)).toEqual(read.map((_, index) => index + 1));
    lengths.push(read.length);
    await restored.close();
  }
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  expect(await writer.line()).toBe('done');
  await store.close();
});

it('a backup overwrites nothing and leaves nothing behind where it cannot be made', async () => {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  await put(store, ['k'], 1, 'op');
  const taken = join(dirname(path), 'taken');
  writeFileSync(taken, '');
  await expectCode(store.backup(taken), 'INVALID_INPUT');
  expect(readFileSync(taken, 'utf8')).toBe('');
  await expectCode(store.backup(path), 'INVALID_INPUT');
  await expectCode(store.backup(join(dirname(path), 'missing', 'copy')), 'INVALID_INPUT');
  await expectCode(store.backup(''), 'INVALID_INPUT');
  await expectCode(store.backup(':memory:'), 'INVALID_INPUT');
  const reason = new Error('stop');
  await expect(store.backup(`${path}.copy`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(readdirSync(dirname(path)).sort()).toEqual(['store.db', 'store.db-shm', 'store.db-wal', 'taken']);
  expect((await store.documents.get(['k']))?.value).toBe(1);
  await store.close();
  await expectCode(store.backup(`${path}.copy`), 'STORE_CLOSED');
  expect(existsSync(`${path}.copy`)).toBe(false);
});
