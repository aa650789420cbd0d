import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import { entries, toArray } from './tools.js';

const pageSize = 4096;

/** The file and its log as they are while the pages of the log are moved into the file, of which only the first has arrived. */
async function stopInsideCheckpoint(): Promise<string> {
  const living = temporaryFile();
  const store = createSqliteStore({ path: living });
  await store.logs.append(['l'], entries(1, 2000));
  const stopped = temporaryFile();
  const whole = temporaryFile();
  for (const copy of [stopped, whole]) {
    copyFileSync(living, copy);
    copyFileSync(`${living}-wal`, `${copy}-wal`);
  }
  await store.close();
  const database = new DatabaseSync(whole);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  const [before, after] = [readFileSync(stopped), readFileSync(whole)];
  expect(after.length).toBeGreaterThan(before.length);
  writeFileSync(stopped, Buffer.concat([after.subarray(0, pageSize), before.subarray(pageSize)]));
  return stopped;
}

it('a store opens whose last process was killed while SQLite moved pages from the log into the file', async () => {
  const store = createSqliteStore({ path: await stopInsideCheckpoint() });
  expect(await toArray(store.logs.read(['l']))).toHaveLength(2000);
  await store.logs.append(['l'], entries(2001, 2001));
  expect((await store.logs.head(['l']))?.seq).toBe(2001);
  await store.close();
});
