import { randomId } from '@loci/core';
import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { migrate } from '../src/migrate.js';
import { migrations } from '../src/migrations.js';
import { toNames } from '../src/names.js';
import { createPoolBackend, lendFrom } from '../src/pool-backend.js';
import { openClient, openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { entries, expectCode, keysOf, put, toArray } from './tools.js';

const postgres = sharedPostgres({ fsync: 'off' });
const { signal } = new AbortController();

function openPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: postgres().url });
  onTestFinished(() => pool.end());
  return pool;
}

it('eight stores that begin on an empty database at once make the schema once', async () => {
  for (let round = 0; round < 3; round++) {
    const schema = randomId();
    const stores = Array.from({ length: 8 }, () => openStore(postgres(), { schema, maxConnections: 2 }));
    await Promise.all(stores.map((store, index) => put(store, [`${index}`], index, 'op')));
    expect(await keysOf(openStore(postgres(), { schema }).documents.list([]))).toHaveLength(8);
    const bare = await openClient(postgres());
    expect((await bare.query(`select version from "${schema}".meta`)).rows).toEqual([{ version: 1 }]);
  }
});

it('a schema of a newer version is refused, and nothing in it is changed', async () => {
  const schema = randomId();
  await put(openStore(postgres(), { schema }), ['k'], 1, 'op');
  const bare = await openClient(postgres());
  await bare.query(`update "${schema}".meta set version = 2`);
  const store = openStore(postgres(), { schema });
  for (const work of [
    store.documents.get(['k']),
    put(store, ['k'], 2, 'op-2'),
    store.logs.append(['l'], entries(1, 1)),
  ])
    await expect(work).rejects.toMatchObject({ code: 'UNKNOWN_VERSION', version: 2, key: [schema] });
  expect((await bare.query(`select counter from "${schema}".documents`)).rows).toEqual([{ counter: '1' }]);
  await bare.query(`update "${schema}".meta set version = 1`);
  expect((await store.documents.get(['k']))?.value).toBe(1);
});

it('a schema of an older version is migrated once, whoever begins, and keeps what is in it', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema });
  await put(store, ['k'], 1, 'op');
  await store.logs.append(['l'], entries(1, 3));
  const names = toNames(schema);
  const newer = [...migrations, () => [`alter table ${names.documents} add column note text default 'new'`]];
  const backend = createPoolBackend(lendFrom(openPool()));
  await Promise.all(Array.from({ length: 8 }, () => migrate(backend, names, signal, newer)));
  const bare = await openClient(postgres());
  expect((await bare.query(`select note from ${names.documents}`)).rows).toEqual([{ note: 'new' }]);
  expect((await bare.query(`select version from ${names.meta}`)).rows).toEqual([{ version: 2 }]);
  expect((await bare.query(`select * from ${names.entries}`)).rowCount).toBe(3);
});

it('a migration that fails leaves the version before it, whole', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema });
  await put(store, ['k'], 1, 'op');
  const names = toNames(schema);
  const broken = [...migrations, () => [`alter table ${names.documents} add column note text`, 'no sql']];
  const backend = createPoolBackend(lendFrom(openPool()));
  await expect(migrate(backend, names, signal, broken)).rejects.toThrow();
  expect((await openStore(postgres(), { schema }).documents.get(['k']))?.value).toBe(1);
  const bare = await openClient(postgres());
  expect(
    (await bare.query(`select * from ${names.documents}`)).fields.map((field) => field.name),
  ).not.toContain('note');
});

it('a process that runs while another one migrates is refused, and does not write with what it knows', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema });
  await put(store, ['k'], 1, 'op');
  const names = toNames(schema);
  const bare = await openClient(postgres());
  await bare.query(`update ${names.meta} set version = 2`);
  await bare.query(`alter function ${names.fn('put_document')} rename to put_document_v2`);
  await expectCode(put(store, ['k'], 2, 'op-2'), 'UNKNOWN_VERSION');
  expect((await store.documents.get(['k']).catch(() => undefined))?.value).not.toBe(2);
});

it('a schema that was dropped is made again', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema });
  await put(store, ['k'], 1, 'op');
  await (await openClient(postgres())).query(`drop schema "${schema}" cascade`);
  expect(await store.documents.get(['k'])).toBeUndefined();
  expect(await put(store, ['k'], 2, 'op')).toMatchObject({ replayed: false });
});

it('a schema with tables of another program is refused and left alone', async () => {
  const bare = await openClient(postgres());
  await bare.query('create schema taken; create table taken.documents (mine text)');
  const error = await openStore(postgres(), { schema: 'taken' })
    .documents.get(['k'])
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('another program'),
  });
  const tables = await bare.query("select tablename from pg_tables where schemaname = 'taken'");
  expect(tables.rows).toEqual([{ tablename: 'documents' }]);
});

it('a user who may not make schemas uses one that was made for him; without one the error says what to do', async () => {
  const bare = await openClient(postgres());
  await bare.query('create user plain; create schema prepared authorization plain');
  const url = postgres().url.replace('postgres@', 'plain@');
  const store = openStore(postgres(), { url, schema: 'prepared' });
  await put(store, ['k'], 1, 'op');
  expect((await store.documents.get(['k']))?.value).toBe(1);
  const without = openStore(postgres(), { url }).documents.get(['k']);
  await expect(without).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('CREATE'),
  });
});

it('an append to a log of 100,000 entries touches as many pages as one to a log of 1,000', async () => {
  const schema = randomId();
  const store = openStore(postgres(), { schema, maxConnections: 1 });
  await store.logs.append(['l'], entries(1, 1));
  const { fn, logs, entries: table } = toNames(schema);
  // One connection all the time: the plans are those of an almost empty table.
  const bare = await openClient(postgres());
  let count = 0;
  const pagesOf = async (): Promise<number> => {
    const values = [true, false, 0, 'l/', 1, 'any', 'epoch', null, [`one-${count++}`], ['1']];
    const text = `explain (analyze, buffers, format json) select * from ${fn('append_entries')}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
    const { rows } = await bare.query(text, values);
    const plan = rows[0]['QUERY PLAN'][0].Plan;
    return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  };
  const fillTo = async (size: number) => {
    await bare.query(`insert into ${table} (log, seq, at, revision, id, body)
      select id, n, 1, 0, 'f' || n, '"${'x'.repeat(200)}"' from ${logs}, generate_series(seq + 1, ${size}) as n`);
    await bare.query(`update ${logs} set seq = ${size}`);
  };
  const median = async () => {
    const pages: number[] = [];
    for (let round = 0; round < 21; round++) pages.push(await pagesOf());
    return pages.sort((a, b) => a - b)[10] ?? 0;
  };
  await median();
  await fillTo(1000);
  const short = await median();
  await fillTo(100_000);
  const long = await median();
  expect(short).toBeGreaterThan(0);
  expect(long / short).toBeLessThanOrEqual(1.3);
  const last = await toArray(store.logs.read(['l'], { reverse: true, limit: 1 }));
  expect(last.map((entry) => entry.seq)).toEqual([100_021]);
});
