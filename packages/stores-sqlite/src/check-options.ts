import { resolve } from 'node:path';
import { type Clock, InvalidInputError } from '@loci/core';
import type { SqliteStoreOptions } from './create-sqlite-store.js';

/** The options with every default filled in and the path made absolute. */
export interface Settings {
  readonly path: string;
  readonly durability: 'process' | 'disk';
  readonly busyTimeoutMs: number;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly randomId: () => string;
}

type Defaults = Pick<Settings, 'clock' | 'randomId'>;

/** Throws `InvalidInputError` for the first option that cannot be used. Does no I/O. */
export function checkOptions(options: SqliteStoreOptions, defaults: Defaults): Settings {
  if (typeof options !== 'object' || options === null)
    throw new InvalidInputError('options', 'is not an object');
  const durability = options.durability ?? 'process';
  if (durability !== 'process' && durability !== 'disk') {
    throw new InvalidInputError('options.durability', "is neither 'process' nor 'disk'");
  }
  const clock = options.clock ?? defaults.clock;
  if (typeof clock?.now !== 'function' || typeof clock.after !== 'function') {
    throw new InvalidInputError('options.clock', 'has no functions `now` and `after`');
  }
  const randomId = options.randomId ?? defaults.randomId;
  if (typeof randomId !== 'function') throw new InvalidInputError('options.randomId', 'is not a function');
  const busyTimeoutMs = options.busyTimeoutMs ?? 30_000;
  if (!Number.isFinite(busyTimeoutMs) || busyTimeoutMs < 0) {
    throw new InvalidInputError('options.busyTimeoutMs', 'is not a finite number from 0');
  }
  const pollIntervalMs = options.pollIntervalMs ?? 250;
  if (!Number.isFinite(pollIntervalMs) || pollIntervalMs <= 0) {
    throw new InvalidInputError('options.pollIntervalMs', 'is not a finite number above 0');
  }
  return Object.freeze({
    path: checkPath('options.path', options.path),
    durability,
    busyTimeoutMs,
    pollIntervalMs,
    clock,
    randomId,
  });
}

/** The absolute path of a file, or `InvalidInputError`. Absolute, so that a later change of folder does not matter. */
export function checkPath(name: string, path: unknown): string {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new InvalidInputError(name, 'is not the path of a file');
  }
  if (path === ':memory:') {
    throw new InvalidInputError(
      name,
      'is not a file; for memory that ends with the process use createMemoryStore',
    );
  }
  return resolve(path);
}
