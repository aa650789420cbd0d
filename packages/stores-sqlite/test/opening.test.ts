import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../src/check-options.js';
import { createSqliteStore, type SqliteStoreOptions } from '../src/index.js';
import { openDatabase } from '../src/open-database.js';
import { temporaryFile } from './temporary-file.js';
import { entries, expectCode, put, toArray } from './tools.js';

/** Whether a file can be looked at without being recovered; Node cannot before 22.15. */
const takesAddresses = Number.parseFloat(process.versions.node) >= 22.15;

/** The error with which the first use of a store on this file is rejected. */
async function openingError(path: string): Promise<unknown> {
  const store = createSqliteStore({ path, busyTimeoutMs: 0 });
  const error: unknown = await store.documents.get(['k']).catch((reason: unknown) => reason);
  await store.close();
  return error;
}

function foreignDatabase(path: string, ...statements: readonly string[]): Buffer {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
  return readFileSync(path);
}

describe('createSqliteStore', () => {
  it('does nothing to the disk before the first use, and then makes no file but its own', async () => {
    const path = temporaryFile();
    const store = createSqliteStore({ path });
    expect(readdirSync(dirname(path))).toEqual([]);
    await put(store, ['..', '../x', 'a:b'], 1, 'op');
    expect(readdirSync(dirname(path)).sort()).toEqual(['store.db', 'store.db-shm', 'store.db-wal']);
    await store.close();
    expect(readdirSync(dirname(path))).toEqual(['store.db']);
  });

  it('makes no file when it is closed unused', async () => {
    const path = temporaryFile();
    await createSqliteStore({ path }).close();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('answers a frozen store that says what it is good for', () => {
    const store = createSqliteStore({ path: temporaryFile() });
    expect(store.supports).toEqual({
      durability: 'process',
      ttlGranularityMs: 1,
      feed: 'poll',
      pending: false,
    });
    const disk = createSqliteStore({ path: temporaryFile(), durability: 'disk' });
    expect(disk.supports.durability).toBe('disk');
    for (const part of [store, store.documents, store.logs, store.feed, store.supports]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('throws InvalidInputError for options that cannot be used', () => {
    const path = temporaryFile();
    const bad: unknown[] = [
      undefined,
      {},
      { path: '' },
      { path: ':memory:' },
      { path: 'nul\0' },
      { path, durability: 'memory' },
      { path, busyTimeoutMs: -1 },
      { path, busyTimeoutMs: Number.POSITIVE_INFINITY },
      { path, pollIntervalMs: 0 },
      { path, clock: {} },
      { path, randomId: 'id' },
    ];
    for (const options of bad) {
      expect(() => createSqliteStore(options as SqliteStoreOptions)).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    }
  });

  it('finds everything again after it was closed', async () => {
    const path = temporaryFile();
    const first = createSqliteStore({ path });
    const { version } = await put(first, ['k'], { kept: true }, 'op');
    const { epoch } = await first.logs.append(['l'], entries(1, 3));
    await first.close();
    const second = createSqliteStore({ path, durability: 'disk' });
    expect(await second.documents.get(['k'])).toMatchObject({ value: { kept: true }, version });
    expect(await put(second, ['k'], 1, 'op')).toEqual({ version, replayed: true });
    expect(await second.logs.head(['l'])).toEqual({ epoch, seq: 3 });
    expect(await toArray(second.logs.read(['l']))).toHaveLength(3);
    await second.close();
  });

  it('takes an empty file', async () => {
    const path = temporaryFile();
    writeFileSync(path, '');
    const store = createSqliteStore({ path });
    await put(store, ['k'], 1, 'op');
    await store.close();
  });

  it('takes a path with characters that mean something in an address', async () => {
    const path = temporaryFile('a b?c#d%20.db');
    for (const value of [1, 2]) {
      const store = createSqliteStore({ path });
      await put(store, ['k'], value, `op-${value}`);
      await store.close();
    }
    expect(readdirSync(dirname(path))).toEqual(['a b?c#d%20.db']);
  });
});

describe('a file that is not for us', () => {
  it('is refused without a change when it is not an SQLite database', async () => {
    const path = temporaryFile();
    for (const text of ['hello', 'x'.repeat(10_000), '\0'.repeat(4096)]) {
      writeFileSync(path, text);
      expect(await openingError(path)).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('not an SQLite database'),
      });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(readdirSync(dirname(path))).toEqual(['store.db']);
  });

  it('is refused without a change when it is the database of another program', async () => {
    for (const statements of [
      ['create table theirs (a)', 'insert into theirs values (1)'],
      ['pragma application_id = 42', 'create table theirs (a)'],
      ['pragma journal_mode = wal', 'create table theirs (a)'],
    ]) {
      const path = temporaryFile();
      const before = foreignDatabase(path, ...statements);
      expect(await openingError(path)).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('another program'),
      });
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(dirname(path))).toEqual(['store.db']);
    }
  });

  it('is refused without recovering what a crash of the other program left in its write-ahead log', async ({
    skip,
  }) => {
    skip(!takesAddresses, 'Node before 22.15 cannot look at a file without opening it');
    const source = temporaryFile();
    foreignDatabase(source, 'pragma journal_mode = wal', 'create table theirs (a)');
    const theirs = new DatabaseSync(source);
    theirs.exec('insert into theirs values (1)');
    const path = temporaryFile();
    for (const suffix of ['', '-wal']) copyFileSync(source + suffix, path + suffix);
    theirs.close();
    const before = ['', '-wal'].map((suffix) => readFileSync(path + suffix));
    expect(await openingError(path)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(readdirSync(dirname(path)).sort()).toEqual(['store.db', 'store.db-wal']);
    expect(['', '-wal'].map((suffix) => readFileSync(path + suffix))).toEqual(before);
  });

  it('is refused with UnknownVersionError, without a change, when a newer version made it', async () => {
    const path = temporaryFile();
    const store = createSqliteStore({ path });
    await put(store, ['k'], 1, 'op');
    await store.close();
    const before = foreignDatabase(path, 'pragma user_version = 2');
    expect(await openingError(path)).toMatchObject({ code: 'UNKNOWN_VERSION', version: 2 });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['store.db']);
  });

  it('is refused when the newer version is not yet in the file but in its write-ahead log', async () => {
    const path = temporaryFile();
    const store = createSqliteStore({ path });
    await put(store, ['k'], 1, 'op');
    await store.close();
    const newer = new DatabaseSync(path);
    newer.exec('pragma user_version = 2');
    expect(await openingError(path)).toMatchObject({ code: 'UNKNOWN_VERSION', version: 2 });
    newer.close();
  });

  it('is refused when it is a folder, or when its folder is missing', async () => {
    const path = temporaryFile();
    mkdirSync(path);
    expect(await openingError(path)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('is not a file'),
    });
    const lost = join(path, 'missing', 'store.db');
    expect(await openingError(lost)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('does not exist'),
    });
    expect(existsSync(dirname(lost))).toBe(false);
  });

  it('is opened by a later call once what was wrong is mended', async () => {
    const path = join(dirname(temporaryFile()), 'later', 'store.db');
    const store = createSqliteStore({ path });
    await expectCode(put(store, ['k'], 1, 'op'), 'STORE_UNAVAILABLE');
    mkdirSync(dirname(path));
    expect(await put(store, ['k'], 1, 'op')).toMatchObject({ replayed: false });
    await store.close();
  });
});

describe('durability', () => {
  it.each([
    ['process', 1],
    ['disk', 2],
  ] as const)('“%s” sets synchronous to %i on a write-ahead log', (durability, level) => {
    const defaults = { clock: createTestClock(), randomId: () => 'id' };
    const database = openDatabase(checkOptions({ path: temporaryFile(), durability }, defaults));
    expect(database.one('pragma synchronous')).toEqual({ synchronous: level });
    expect(database.one('pragma journal_mode')).toEqual({ journal_mode: 'wal' });
    database.close();
  });
});
