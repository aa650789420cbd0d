import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import { entries, put, toArray } from './tools.js';

function rowsOf(path: string, table: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = Number(database.prepare(`select count(*) as rows from ${table}`).get()?.rows);
  database.close();
  return rows;
}

it('[A10] expired records are deleted from the file, a bounded batch at a time, on the back of writes', async () => {
  const path = temporaryFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  for (let index = 0; index < 300; index++) {
    await store.documents.put(['d', `${index}`], 1, { expect: 'any', operationId: 'op', ttlMs: 10 });
  }
  await store.logs.append(['l'], entries(1, 1000), { ttlMs: 10 });
  await put(store, ['kept'], 1, 'op');
  await clock.advance(10);
  const counts: number[] = [];
  for (let write = 0; write < 100; write++) {
    await put(store, ['kept'], 1, `op-${write}`);
    counts.push(rowsOf(path, 'documents') + rowsOf(path, 'entries'));
  }
  const deleted = counts.map((count, index) => (counts[index - 1] ?? 1301) - count);
  expect(Math.max(...deleted)).toBeLessThanOrEqual(400);
  expect(counts.at(-1)).toBe(1);
  expect(['logs', 'garbage'].map((table) => rowsOf(path, table))).toEqual([0, 0]);
  expect((await store.documents.get(['kept']))?.value).toBe(1);
  await store.close();
});

it('a log that is written anew before the sweep never shows what it held before', async () => {
  const path = temporaryFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  await store.logs.append(['l'], entries(1, 500), { ttlMs: 10 });
  await clock.advance(10);
  const anew = [{ id: 'e400', body: 'new' }];
  expect(await store.logs.append(['l'], anew)).toMatchObject({ firstSeq: 1, outcome: 'appended' });
  for (let write = 0; write < 100; write++) await put(store, ['k'], 1, `op-${write}`);
  expect((await toArray(store.logs.read(['l']))).map((entry) => entry.body)).toEqual(['new']);
  expect(rowsOf(path, 'entries')).toBe(1);
  await store.close();
});

it('what was rewritten, replaced, deleted or swept is gone from the closed file', async () => {
  const path = temporaryFile();
  const clock = createTestClock();
  const store = createSqliteStore({ path, clock });
  const secret = (name: string) => `SECRET-${name} `.repeat(2000);
  await store.logs.append(
    ['l'],
    [
      { id: 'a', body: secret('rewritten') },
      { id: 'b', body: 'short SECRET' },
    ],
  );
  await store.logs.append(['gone'], [{ id: 'a', body: secret('deleted-log') }]);
  await put(store, ['d'], secret('replaced'), 'op-1');
  await put(store, ['e'], secret('deleted'), 'op-1');
  await store.documents.put(['f'], secret('swept'), { expect: 'any', operationId: 'op', ttlMs: 1 });
  await clock.advance(1);
  const stubs = ['a', 'b'].map((id) => ({ id, revision: 0, body: 'stub' }));
  await store.logs.rewrite(['l'], stubs);
  await store.logs.delete(['gone']);
  await put(store, ['d'], 'stub', 'op-2');
  await store.documents.delete(['e'], { expect: 'any' });
  for (let write = 0; write < 60; write++) await put(store, ['k'], 1, `op-${write}`);
  await store.close();
  expect(readFileSync(path).includes('SECRET')).toBe(false);
});
