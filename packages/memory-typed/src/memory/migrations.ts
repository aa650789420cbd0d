import { InvalidInputError, type JsonValue, type Key, toJsonText } from '@loci/core';
import { MigrationError } from '../errors/migration-error.js';

/**
 * Makes the value of the next version; sync or async, and pure: it may run for every read. It gets a copy, as JSON;
 * say in the parameter what that version looked like. What it returns must be JSON.
 */
export type MigrationStep = (value: never) => unknown;

/** Steps between schema versions, by the version that each begins at. Without holes. */
export interface Migrations {
  /** `up[1]` makes version 2 of version 1. They lead to `schemaVersion`. */
  readonly up?: { readonly [from: number]: MigrationStep };
  /**
   * `down[2]` makes version 1 of version 2: for exports that an older program reads, and, above `schemaVersion`, for
   * records that a newer one wrote.
   */
  readonly down?: { readonly [from: number]: MigrationStep };
}

/** Throws `InvalidInputError` for the first step that cannot be used or is missing. */
export function checkMigrations(migrations: Migrations, schemaVersion: number): void {
  for (const direction of ['up', 'down'] as const) {
    const path = `options.migrations.${direction}`;
    const steps = migrations[direction] ?? {};
    if (typeof steps !== 'object') throw new InvalidInputError(path, 'is not an object of functions');
    const versions = Object.keys(steps).map((name) => {
      if (!/^[1-9]\d{0,8}$/.test(name)) throw new InvalidInputError(path, 'has a name that is no version');
      if (typeof steps[Number(name)] !== 'function') refuse(path, Number(name), 'is not a function');
      return Number(name);
    });
    if (versions.length === 0) continue;
    const [first, last] = [Math.min(...versions), Math.max(...versions)];
    if (direction === 'up' && last >= schemaVersion) refuse(path, last, 'leads beyond schemaVersion');
    if (direction === 'down' && first < 2) refuse(path, first, 'leads below version 1');
    // Steps that do not reach the version of this memory lead nowhere.
    const from = direction === 'up' ? first : Math.min(first, schemaVersion + 1);
    const to = direction === 'up' ? schemaVersion - 1 : Math.max(last, schemaVersion);
    for (let version = from; version <= to; version++) {
      if (!steps[version]) refuse(path, version, 'is missing');
    }
  }
}

/** Whether there are steps all the way from one version to another. */
export function leads(migrations: Migrations, from: number, to: number): boolean {
  return missingStep(migrations, from, to) === undefined;
}

/** The version at which the way from one version to another breaks off. */
export function missingStep({ up, down }: Migrations, from: number, to: number): number | undefined {
  for (let version = from; version < to; version++) if (!stepOf(up, version)) return version;
  for (let version = from; version > to; version--) if (!stepOf(down, version)) return version;
  return undefined;
}

/** Runs the steps between two versions. Rejects with `MigrationError` where one of them throws or makes no JSON. */
export async function migrate(
  { up, down }: Migrations,
  key: Key,
  value: JsonValue,
  from: number,
  to: number,
): Promise<JsonValue> {
  let text = JSON.stringify(value);
  const direction = from < to ? 1 : -1;
  for (let version = from; version !== to; version += direction) {
    const step = stepOf(direction === 1 ? up : down, version);
    const names = { from: version, to: version + direction };
    if (!step) throw new MigrationError(key, names, 'there is no such step');
    let made: unknown;
    try {
      made = await step(JSON.parse(text) as never);
    } catch (error) {
      throw new MigrationError(key, names, 'the step threw', error);
    }
    text = toText(made, key, names);
  }
  return JSON.parse(text) as JsonValue;
}

function toText(made: unknown, key: Key, names: { readonly from: number; readonly to: number }): string {
  try {
    return toJsonText(made);
  } catch (error) {
    const where = InvalidInputError.isInstance(error) ? `${error.path} ${error.reason}` : 'it is not JSON';
    throw new MigrationError(key, names, `of what the step made, ${where}`);
  }
}

function stepOf(steps: Migrations['up'], version: number): MigrationStep | undefined {
  return steps && Object.hasOwn(steps, version) ? steps[version] : undefined;
}

function refuse(path: string, version: number, reason: string): never {
  throw new InvalidInputError(`${path}[${version}]`, reason);
}
