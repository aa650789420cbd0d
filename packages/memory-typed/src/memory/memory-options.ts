import {
  type Clock,
  checkKey,
  InvalidInputError,
  type Key,
  randomId,
  type Store,
  systemClock,
} from '@loci/core';
import { type MemoryEvent, quiet } from './events.js';
import type { Snapshot } from './snapshot.js';
import type { StandardSchema } from './standard-schema.js';

export interface MemoryOptions<Input, Value> {
  /** Any Standard Schema, sync or async. It must accept what it returns, unchanged. */
  readonly schema: StandardSchema<Input, Value>;
  /**
   * The value while nothing is stored; checked when it is first needed. A function is called once for each time that
   * nothing is stored, so that what it makes stays the same until it is.
   */
  readonly initial: NoInfer<Snapshot<Input>> | (() => NoInfer<Snapshot<Input>>);
  readonly store: Store;
  readonly key: Key;
  /** Written with every record; a record with another one is refused. @default 'memory' */
  readonly schemaId?: string;
  /** As `schemaId`, a whole number from 1. @default 1 */
  readonly schemaVersion?: number;
  /** What the value may take as JSON in UTF-8. @default 1_000_000 */
  readonly maxBytes?: number;
  /** How often one change is tried while others are faster. @default 100 */
  readonly maxAttempts?: number;
  /** Told about writes, conflicts, lost answers and hooks that throw. */
  readonly onEvent?: (event: MemoryEvent) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes operation ids; must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** The options with every default filled in. */
export interface Settings {
  readonly schema: StandardSchema;
  readonly initial: unknown;
  readonly store: Store;
  readonly key: Key;
  readonly recordSchema: { readonly id: string; readonly version: number };
  readonly maxBytes: number;
  readonly maxAttempts: number;
  readonly onEvent: (event: MemoryEvent) => void;
  readonly clock: Clock;
  readonly randomId: () => string;
}

/** Throws `InvalidInputError` or `InvalidKeyError` for the first option that cannot be used. Does no I/O. */
export function checkOptions<Input, Value>(options: MemoryOptions<Input, Value>): Settings {
  want(typeof options === 'object' && options !== null, 'options', 'is not an object');
  const { schema, initial, store, key, onEvent } = options;
  const { schemaId = 'memory', schemaVersion = 1, maxBytes = 1_000_000, maxAttempts = 100 } = options;
  const clock = options.clock ?? systemClock;
  const makeId = options.randomId ?? randomId;
  const isSchema = schema?.['~standard']?.version === 1 && isFunction(schema['~standard'].validate);
  want(isSchema, 'options.schema', 'is not a Standard Schema');
  want(initial !== undefined, 'options.initial', 'is missing');
  const hasDocuments = isFunction(store?.documents?.get) && isFunction(store.documents.put);
  want(hasDocuments, 'options.store', 'is not a store');
  checkKey(key);
  want(typeof schemaId === 'string' && schemaId !== '', 'options.schemaId', 'is not a text, or empty');
  wantCount(schemaVersion, 'options.schemaVersion');
  wantCount(maxBytes, 'options.maxBytes');
  wantCount(maxAttempts, 'options.maxAttempts');
  want(onEvent === undefined || isFunction(onEvent), 'options.onEvent', 'is not a function');
  const isClock = isFunction(clock?.now) && isFunction(clock.after);
  want(isClock, 'options.clock', 'has no functions `now` and `after`');
  want(isFunction(makeId), 'options.randomId', 'is not a function');
  return {
    schema,
    initial,
    store,
    key: Object.freeze([...key]),
    recordSchema: { id: schemaId, version: schemaVersion },
    maxBytes,
    maxAttempts,
    onEvent: quiet(onEvent),
    clock,
    randomId: makeId,
  };
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function wantCount(value: unknown, path: string): void {
  want(Number.isSafeInteger(value) && (value as number) >= 1, path, 'is not a whole number from 1');
}

function want(ok: boolean, path: string, reason: string): void {
  if (!ok) throw new InvalidInputError(path, reason);
}
