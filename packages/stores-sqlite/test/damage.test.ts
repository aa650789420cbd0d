import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '@loci/core';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, keysOf, put, toArray } from './tools.js';

const secret = 'SECRET-4711';

/** A store with a document `d`, another one, a log of five entries and another one, on which these statements were run. */
async function damaged(...statements: readonly string[]): Promise<Store> {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  await put(store, ['d'], secret, 'op');
  await put(store, ['other'], 1, 'op');
  await store.logs.append(['l'], entries(1, 5));
  await store.logs.append(['other'], entries(1, 1));
  await store.close();
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
  return createSqliteStore({ path });
}

async function expectDamage(work: Promise<unknown>, key: readonly string[], seq?: number): Promise<void> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key, seq });
  expect(String(error)).not.toContain(secret);
}

it('[A8] a document that is not JSON is reported by name; it can be replaced and deleted, and others be read', async () => {
  const store = await damaged(`update documents set value = '{"text":"${secret}' where key = 'd/'`);
  await expectDamage(store.documents.get(['d']), ['d']);
  expect((await store.documents.get(['other']))?.value).toBe(1);
  expect(await keysOf(store.documents.list([]))).toHaveLength(2);
  await put(store, ['d'], 'anew', 'op-2');
  expect((await store.documents.get(['d']))?.value).toBe('anew');
  await store.close();
});

it('a document whose operation ids are damaged is not written over, but can be deleted', async () => {
  for (const operations of ['', '{}', '[]', '[7]', '["a","b"]']) {
    const store = await damaged(`update documents set operations = '${operations}' where key = 'd/'`);
    await expectDamage(put(store, ['d'], 2, 'op-2'), ['d']);
    expect((await store.documents.get(['d']))?.value).toBe(secret);
    expect(await store.documents.delete(['d'], { expect: 'any' })).toBe(true);
    await put(store, ['d'], 3, 'op-3');
    await store.close();
  }
});

it('[A8] an entry that is not JSON is reported by its seq, and those around it can be read', async () => {
  const store = await damaged(`update entries set body = '"${secret}' where log = 1 and seq = 3`);
  const seen: number[] = [];
  const read = async () => {
    for await (const entry of store.logs.read(['l'])) seen.push(entry.seq);
  };
  await expectDamage(read(), ['l'], 3);
  expect(seen).toEqual([1, 2]);
  expect((await toArray(store.logs.read(['l'], { from: 4 }))).map((entry) => entry.seq)).toEqual([4, 5]);
  expect(await toArray(store.logs.read(['other']))).toHaveLength(1);
  expect(await store.logs.rewrite(['l'], [{ id: 'e3', revision: 0, body: 'mended' }])).toEqual(['e3']);
  expect(await toArray(store.logs.read(['l']))).toHaveLength(5);
  await store.close();
});

it('an entry that is missing is reported and never skipped', async () => {
  for (const seq of [1, 3, 5]) {
    const store = await damaged(`delete from entries where log = 1 and seq = ${seq}`);
    await expectDamage(toArray(store.logs.read(['l'])), ['l'], seq);
    await expectDamage(toArray(store.logs.read(['l'], { reverse: true })), ['l'], seq);
    await store.close();
  }
});

it('a log whose head does not fit its entries is not appended to', async () => {
  const store = await damaged("update logs set seq = 3 where key = 'l/'");
  await expectDamage(store.logs.append(['l'], entries(6, 6)), ['l']);
  await store.logs.append(['other'], entries(2, 2));
  await store.close();
});

it('numbers and keys that this package never writes are reported', async () => {
  const numbers = await damaged('update documents set updated_at = 9223372036854775807');
  await expectDamage(numbers.documents.get(['d']), ['d']);
  await numbers.close();
  const keys = await damaged("update documents set key = 'not encoded' where key = 'd/'");
  await expectDamage(toArray(keys.documents.list([])), ['not encoded']);
  await keys.close();
});

it('pages that were written over are reported as an error of the store, and never as other content', async () => {
  const path = temporaryFile();
  const store = createSqliteStore({ path });
  for (let batch = 0; batch < 40; batch++)
    await store.logs.append(['l'], entries(batch * 50, batch * 50 + 49));
  await store.close();
  const bytes = readFileSync(path);
  for (let page = 8; page < bytes.length / 4096 - 1; page += 3)
    bytes.fill(0xff, page * 4096, page * 4096 + 4096);
  writeFileSync(path, bytes);
  const after = createSqliteStore({ path });
  const error = await toArray(after.logs.read(['l'])).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DAMAGED_RECORD', key: ['l'] });
  await expectCode(after.logs.append(['l'], entries(1, 2000)), 'DAMAGED_RECORD');
  await after.close();
});
