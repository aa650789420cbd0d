import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { body, type Work } from './work.js';

/**
 * By hand what the store does: the next seq of the log and the entry in one statement; a version and the ids of the newest
 * 32 operations beside the value.
 */
export async function createRawPostgres(url: string, name: string): Promise<Work> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`
    select pg_advisory_lock(1);
    create schema if not exists raw;
    create table if not exists raw.heads (log text primary key, seq bigint not null);
    create table if not exists raw.entries (log text, seq bigint, id text, body text, primary key (log, seq), unique (log, id));
    create table if not exists raw.documents (key text primary key, version bigint not null, operations text[] not null, value text not null);
    insert into raw.heads values ('log', 0) on conflict do nothing;
    select pg_advisory_unlock(1)`);
  await client.query(`insert into raw.documents values ($1, 0, '{}', '{"count":0}') on conflict do nothing`, [
    name,
  ]);
  return {
    async append(id) {
      await client.query({
        name: 'append',
        text: `with head as (update raw.heads set seq = seq + 1 where log = 'log' returning seq)
          insert into raw.entries select 'log', seq, $1, $2 from head`,
        values: [id, JSON.stringify(body)],
      });
    },
    async update() {
      const read = { name: 'read', text: 'select version, value from raw.documents where key = $1' };
      const [found] = (await client.query<{ version: string; value: string }>({ ...read, values: [name] }))
        .rows;
      const { count } = JSON.parse(found?.value ?? '') as { count: number };
      const { rowCount } = await client.query({
        name: 'write',
        text: `update raw.documents set version = version + 1, value = $1, operations = ($4::text || operations)[1:32]
          where key = $2 and version = $3`,
        values: [JSON.stringify({ count: count + 1 }), name, found?.version, randomUUID()],
      });
      if (rowCount !== 1) throw new Error('Somebody else wrote the record.');
    },
    close: () => client.end(),
  };
}
