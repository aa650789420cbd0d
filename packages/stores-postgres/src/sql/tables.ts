import type { Names } from '../names.js';

/**
 * The tables of version 1. Keys are encoded (`encodeKey`), values are JSON texts, moments are epoch milliseconds of the
 * clients. JSON is kept as text because `jsonb` sorts properties and refuses U+0000.
 *
 * An encoded key may be longer than an index takes. So records are found by a hash of it, and listed by its beginning.
 */
export function createTables({ schema, documents, logs, entries, garbage }: Names): readonly string[] {
  const records = `hash bytea primary key,
    key text collate "C" not null,
    epoch text collate "C" not null,
    updated_at bigint not null,
    expires_at bigint`;
  return [
    `create table ${documents} (
      ${records},
      counter bigint not null,
      operations text[] not null,
      value text not null
    )`,
    // An identity is never used twice, so a reader of a deleted log can never see another's entries.
    `create table ${logs} (
      ${records},
      id bigint generated always as identity,
      seq bigint not null
    )`,
    `create table ${entries} (
      log bigint not null,
      seq bigint not null,
      at bigint not null,
      revision bigint not null,
      id text collate "C" not null,
      body text not null,
      primary key (log, seq)
    )`,
    // One text and not two columns: a plan that was made while the table was small can only look ids up in it, and never
    // read through a log.
    `create unique index on ${entries} ((${entryName('log', 'id')}))`,
    // Logs that expired or were replaced, whose entries the sweep still has to delete.
    `create table ${garbage} (log bigint primary key)`,
    ...['documents', 'logs'].flatMap((name) => [
      `create index on ${schema}.${name} (${keyBeginning('key')})`,
      `create index on ${schema}.${name} (expires_at) where expires_at is not null`,
    ]),
  ];
}

/** What an index of keys holds of a key. */
export function keyBeginning(key: string): string {
  return `left(${key}, 1024)`;
}

/** How an entry is found by its id. */
export function entryName(log: string, id: string): string {
  return `${log}::text || ':' || ${id}`;
}

/** How a record is found. */
export function hashOf(key: string): string {
  return `sha256(convert_to(${key}, 'UTF8'))`;
}
