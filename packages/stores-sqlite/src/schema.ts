/** "LOCI" in ASCII, in the header of every file of ours. */
export const applicationId = 0x4c4f4349;

/** Counts changes of the tables. A file with a higher one is refused. */
export const schemaVersion = 1;

/**
 * The tables. `strict`, so that SQLite itself keeps a text a text. Keys are encoded (`encodeKey`), ids of entries are JSON texts, moments are epoch
 * milliseconds. Large columns come last: SQLite then finds the small ones without reading their pages.
 */
export const tables: readonly string[] = [
  `create table documents (
    key text not null unique,
    epoch text not null,
    counter integer not null,
    updated_at integer not null,
    expires_at integer,
    operations text not null,
    value text not null
  ) strict`,
  'create index documents_by_expiry on documents (expires_at) where expires_at is not null',
  // `autoincrement`: the id of a deleted log is never used again, so a reader of it can never see another's entries.
  `create table logs (
    id integer primary key autoincrement,
    key text not null unique,
    epoch text not null,
    seq integer not null,
    updated_at integer not null,
    expires_at integer
  ) strict`,
  'create index logs_by_expiry on logs (expires_at) where expires_at is not null',
  `create table entries (
    log integer not null,
    seq integer not null,
    at integer not null,
    revision integer not null,
    id text not null,
    body text not null
  ) strict`,
  'create unique index entries_by_seq on entries (log, seq)',
  'create unique index entries_by_id on entries (log, id)',
  // Logs that expired or were replaced, whose entries the sweep still has to delete.
  'create table garbage (log integer primary key) strict',
  'create table changes (seq integer primary key autoincrement, target text not null, key text not null) strict',
  // In the transaction of the tables: from its first byte on, the file says whose it is.
  `pragma application_id = ${applicationId}`,
  `pragma user_version = ${schemaVersion}`,
];
