import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DamagedRow } from './sqlite-error.js';

type Value = string | number | null;
export type Row = { readonly [column: string]: unknown };

/** The few calls that the rest of this package makes on an open file. */
export interface Database {
  one(sql: string, ...values: readonly Value[]): Row | undefined;
  /** Row by row; leave the loop and the statement is done. */
  each(sql: string, ...values: readonly Value[]): Iterable<Row>;
  /** Answers how many rows were changed. */
  run(sql: string, ...values: readonly Value[]): number;
  close(): void;
}

/** Keeps prepared statements, of which this package has a fixed number. */
export function wrapDatabase(database: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  function prepare(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }
  return {
    one: (sql, ...values) => prepare(sql).get(...values),
    each: (sql, ...values) => prepare(sql).iterate(...values),
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    close: () => database.close(),
  };
}

/** Runs `task` in one transaction that is kept whole or not at all. */
export function inTransaction<T>(database: Database, kind: 'deferred' | 'immediate', task: () => T): T {
  database.run(`begin ${kind}`);
  try {
    const result = task();
    database.run('commit');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: Database): void {
  try {
    database.run('rollback');
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full; the first error is the one to report.
  }
}

/** The text in a column, or `DamagedRow`. */
export function toText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new DamagedRow(`its ${column} is not a text`);
  return value;
}

/** The whole number in a column, or `DamagedRow`. */
export function toInteger(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new DamagedRow(`its ${column} is not a whole number`);
  }
  return value;
}

/** As `toInteger`, and `undefined` for NULL. */
export function toOptionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : toInteger(row, column);
}
