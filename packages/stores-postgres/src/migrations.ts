import type { Names } from './names.js';
import { createTables } from './sql/tables.js';

/** The statements that lead from one version of the tables to the next. Those of a released version never change. */
export type Migration = (names: Names) => readonly string[];

/** From nothing to the newest version, in order. Functions are made anew with each version and are not among them. */
export const migrations: readonly Migration[] = Object.freeze([createTables]);
