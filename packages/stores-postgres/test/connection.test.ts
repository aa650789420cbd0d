import { inspect } from 'node:util';
import { StoreUnavailableError } from '@loci/core';
import pg from 'pg';
import { expect, onTestFinished, it as plainIt } from 'vitest';
import { createPostgresStore, type PostgresStoreOptions } from '../src/index.js';
import { openClient, openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { entries, expectCode, keysOf, put, toArray } from './tools.js';

const postgres = sharedPostgres({ fsync: 'off' });
const secret = 'SECRET-4711';
const shows = (value: unknown) => inspect(value, { depth: 9, showHidden: true });

plainIt('options that cannot be used are refused, without showing what is in them', () => {
  const url = 'postgres://localhost/app';
  const wrong = (value: unknown) => value as never;
  const bad: readonly PostgresStoreOptions[] = [
    wrong(null),
    {},
    { url, pool: wrong({ connect: () => {} }) },
    { url: secret },
    { url: `http://:${secret}@localhost` },
    { url: `postgres://:${secret}%zz@localhost` },
    { url, password: wrong(7) },
    { url, database: wrong(7) },
    { url, tls: wrong(secret) },
    { url, maxConnections: 0 },
    { url, maxConnections: 1.5 },
    { url, connectTimeoutMs: 0 },
    { pool: wrong({}) },
    { pool: wrong({ connect: () => {} }), password: secret },
    { client: wrong({ query: () => {} }) },
    { url, schema: '' },
    { url, schema: wrong(7) },
    { url, schema: 'nul\0' },
    { url, schema: '\ud800' },
    { url, schema: 'x'.repeat(64) },
    { url, schema: 'é'.repeat(32) },
    { url, schema: 'pg_mine' },
    { url, durability: wrong('no') },
    { url, durability: 'memory' },
    { url, commandTimeoutMs: 0 },
    { url, reconnectDelayMs: Number.NaN },
    { url, maxReconnectDelayMs: -1 },
    { url, clock: wrong({ now: 1 }) },
    { url, randomId: wrong('id') },
    { url, onEvent: wrong('event') },
  ];
  for (const options of bad) {
    let error: unknown;
    try {
      createPostgresStore(options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error, inspect(options)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(shows(error)).not.toContain(secret);
  }
});

plainIt('the factory does no I/O, and a store that was never used closes', async () => {
  const store = createPostgresStore({ url: `postgres://user:${secret}@127.0.0.1:1/db` });
  expect(shows(store)).not.toContain(secret);
  expect(await store.close()).toEqual({ unsaved: [] });
});

plainIt('[G10] a server that is not there is a typed error that shows no password', async () => {
  const store = createPostgresStore({ url: `postgres://user:${secret}@127.0.0.1:1/db` });
  const error = await store.documents.get(['k']).catch((reason: unknown) => reason);
  expect(StoreUnavailableError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(shows(error)).not.toContain(secret);
  await store.close();
});

it('[G10] a database or a user that does not exist is a typed error that says so', async () => {
  const { port } = postgres();
  for (const [store, words] of [
    [openStore(postgres(), { database: 'nowhere' }), 'database does not exist'],
    [
      openStore(postgres(), { url: `postgres://nobody:${secret}@127.0.0.1:${port}/postgres` }),
      'refused the user',
    ],
  ] as const) {
    const error = await store.documents.get(['k']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(words) });
    expect(shows(error)).not.toContain(secret);
  }
});

it('[G10] stores with different schemas or databases never see each other, whatever their names', async () => {
  const bare = await openClient(postgres());
  await bare.query('create database "other"');
  const hostile = [
    'a"; drop table x; --',
    "it's $loci$ \\",
    'Mixed',
    'mixed',
    'x'.repeat(63),
    'é'.repeat(31),
  ];
  const stores = [
    ...hostile.map((schema) => openStore(postgres(), { schema })),
    openStore(postgres(), { schema: 'mixed', database: 'other' }),
  ];
  for (const [index, store] of stores.entries()) {
    await put(store, ['d', 'k'], index, 'op');
    await store.logs.append(['l'], entries(1, index + 1));
    await store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: index }]);
  }
  for (const [index, store] of stores.entries()) {
    expect((await store.documents.get(['d', 'k']))?.value).toBe(index);
    expect(await keysOf(store.documents.list([]))).toEqual([['d', 'k']]);
    expect(await toArray(store.logs.read(['l']))).toHaveLength(index + 1);
  }
  const names = await bare.query(
    "select nspname from pg_namespace where nspname !~ '^(pg_|information_|public)'",
  );
  expect(names.rows.map((row) => row.nspname).sort()).toEqual([...hostile].sort());
});

it('[G10] a store has one pool, makes no more connections than it may, and closes them', async () => {
  const application = `application_name=many`;
  const store = openStore(postgres(), { url: `${postgres().url}?${application}`, maxConnections: 3 });
  await Promise.all(Array.from({ length: 100 }, (_, index) => put(store, [`${index}`], 1, 'op')));
  const bare = await openClient(postgres());
  const count = async () =>
    (await bare.query("select 1 from pg_stat_activity where application_name = 'many'")).rowCount;
  expect(await count()).toBe(3);
  await store.close();
  await expect.poll(count).toBe(0);
});

it('[G10] a given pool is used and never closed', async () => {
  const pool = new pg.Pool({ connectionString: postgres().url });
  onTestFinished(() => pool.end());
  const store = openStore(postgres(), { pool });
  await put(store, ['k'], 1, 'op');
  expect(pool.totalCount).toBeGreaterThan(0);
  await store.close();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await expectCode(store.documents.get(['k']), 'STORE_CLOSED');
});

it('a given pool that reads large numbers as numbers is none the worse', async () => {
  const types = { getTypeParser: (oid: number) => (oid === 20 ? Number : pg.types.getTypeParser(oid as 20)) };
  const pool = new pg.Pool({ connectionString: postgres().url, types: types as typeof pg.types });
  onTestFinished(() => pool.end());
  const store = openStore(postgres(), { pool });
  expect(await store.logs.append(['l'], entries(1, 2))).toMatchObject({ firstSeq: 1, lastSeq: 2 });
  expect(await toArray(store.logs.read(['l']))).toHaveLength(2);
});

it('a call leaves nothing in its connection that the next user of a pooling proxy would find', async () => {
  const pool = new pg.Pool({ connectionString: postgres().url, max: 1 });
  onTestFinished(() => pool.end());
  const settings = "select name, setting from pg_settings where name !~ '^plpgsql' order by name";
  const before = (await pool.query(settings)).rows;
  const store = openStore(postgres(), { pool, durability: 'process' });
  await put(store, ['k'], 1, 'op');
  await store.logs.append(['l'], entries(1, 3));
  await store.logs.rewrite(['l'], [{ id: 'e1', revision: 0, body: 'new' }]);
  await toArray(store.logs.read(['l']));
  await store.logs.delete(['l']);
  await store.close();
  expect((await pool.query(settings)).rows).toEqual(before);
  for (const left of [
    "select * from pg_locks where locktype = 'advisory'",
    'select * from pg_prepared_statements',
    'select * from pg_listening_channels() as channel',
    'select * from pg_cursors',
  ])
    expect((await pool.query(left)).rows).toEqual([]);
});

it('`durability` decides whether a commit waits for the disk, whatever the server is set to', async () => {
  const bare = await openClient(postgres());
  for (const [durability, server, expected] of [
    ['disk', 'off', 'on'],
    ['disk', 'remote_write', 'remote_write'],
    ['process', 'on', 'off'],
  ] as const) {
    const store = openStore(postgres(), { schema: durability, durability });
    expect(store.supports.durability).toBe(durability);
    await put(store, ['k'], 1, `op-${server}`);
    await bare.query(`begin; set local synchronous_commit = ${server}`);
    const values = [durability === 'disk', false, 0, 'k/', 1, 'any', `op-${server}`, 'epoch', null, '1'];
    await bare.query(
      `select "${durability}".put_document_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values,
    );
    expect((await bare.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: expected }]);
    await bare.query('rollback');
  }
});
