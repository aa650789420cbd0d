import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { body, type Work } from './work.js';

/**
 * By hand what the store does, row by row: the next seq of the log and the entry, or the value with its version and the
 * ids of its newest 32 operations, and a note of the change for whoever waits for one, in one transaction.
 */
export async function createRawSqlite(path: string, name: string): Promise<Work> {
  const database = new DatabaseSync(`${path}.raw`, { timeout: 10_000 });
  database.exec('pragma journal_mode = wal; pragma synchronous = normal');
  database.exec(`
    create table if not exists heads (log text primary key, seq integer not null) strict;
    create table if not exists entries (log text, seq integer, id text, body text, primary key (log, seq), unique (log, id)) strict, without rowid;
    create table if not exists documents (key text primary key, version integer not null, operations text not null, value text not null) strict;
    create table if not exists changes (seq integer primary key autoincrement, key text not null) strict;
    insert or ignore into heads values ('log', 0);
    insert or ignore into documents values ('${name}', 0, '[]', '{"count":0}');
  `);
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const next = database.prepare(`update heads set seq = seq + 1 where log = 'log' returning seq`);
  const insert = database.prepare(`insert into entries values ('log', ?, ?, ?)`);
  const read = database.prepare('select version, operations, value from documents where key = ?');
  const write = database.prepare(
    'update documents set version = version + 1, operations = ?, value = ? where key = ?',
  );
  const change = database.prepare('insert into changes (key) values (?)');
  const forget = database.prepare('delete from changes where seq <= last_insert_rowid() - 10000');
  const note = (key: string) => {
    change.run(key);
    forget.run();
  };
  return {
    async append(id) {
      begin.run();
      insert.run(Number(next.get()?.['seq']), id, JSON.stringify(body));
      note('log');
      commit.run();
    },
    async update() {
      begin.run();
      const found = read.get(name);
      const { count } = JSON.parse(String(found?.['value'])) as { count: number };
      const operations = JSON.parse(String(found?.['operations'])) as string[];
      const newest = [randomUUID(), ...operations].slice(0, 32);
      write.run(JSON.stringify(newest), JSON.stringify({ count: count + 1 }), name);
      note(name);
      commit.run();
    },
    close: async () => database.close(),
  };
}
