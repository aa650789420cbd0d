import { createHash } from 'node:crypto';

/** The tables, functions, channel and locks of one store, as they are written in SQL. */
export interface Names {
  /** As the user wrote it, for messages and for the catalogue. */
  readonly plainSchema: string;
  readonly schema: string;
  /** Holds the version of the tables. */
  readonly meta: string;
  readonly documents: string;
  readonly logs: string;
  readonly entries: string;
  readonly garbage: string;
  /** A function, with the version of the tables that it belongs to in its name. @default the newest version */
  readonly fn: (name: FunctionName, version?: number) => string;
  /** On which writes say what changed. Channels belong to a database, not to a schema. */
  readonly channel: string;
  /** Numbers of advisory locks. */
  readonly locks: {
    /** Held while the tables are made. */
    readonly migration: string;
    /** Shared by every write until it is committed. */
    readonly writers: string;
    /** Shared by every connection that listens, for as long as it does. */
    readonly listeners: string;
  };
}

export const functionNames = Object.freeze([
  'put_document',
  'delete_document',
  'append_entries',
  'rewrite_entries',
  'delete_log',
  'sweep',
] as const);

export type FunctionName = (typeof functionNames)[number];

/** Counts changes of the tables and functions. A schema with a higher one is refused. */
const schemaVersion = 1;

export function toNames(schema: string): Names {
  const quoted = quoteIdentifier(schema);
  const table = (name: string) => `${quoted}.${name}`;
  return Object.freeze<Names>({
    plainSchema: schema,
    schema: quoted,
    meta: table('meta'),
    documents: table('documents'),
    logs: table('logs'),
    entries: table('entries'),
    garbage: table('garbage'),
    // A process that has not noticed a migration finds no function, instead of one that means something else.
    fn: (name, version = schemaVersion) => table(`${name}_v${version}`),
    channel: `loci_${hash(schema, 'channel').toString('hex', 0, 16)}`,
    locks: {
      migration: toLock(schema, 'migration'),
      writers: toLock(schema, 'writers'),
      listeners: toLock(schema, 'listeners'),
    },
  });
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A literal that means the same whatever `standard_conforming_strings` is. */
export function quoteLiteral(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function toLock(schema: string, purpose: string): string {
  return `'${hash(schema, purpose).readBigInt64BE()}'::bigint`;
}

function hash(schema: string, purpose: string): Buffer {
  return createHash('sha256').update(`loci ${purpose} ${schema}`).digest();
}
