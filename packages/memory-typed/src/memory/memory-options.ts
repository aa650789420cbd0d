import {
  type Clock,
  checkKey,
  InvalidInputError,
  type Key,
  randomId,
  type Store,
  systemClock,
  type TokenCounter,
} from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import type { ValueRules } from '../value/check-value.js';
import type { Redact } from '../value/redact-value.js';
import type { Snapshot } from '../value/snapshot.js';
import type { StandardSchema } from '../value/standard-schema.js';
import { type MemoryEvent, quiet } from './events.js';
import { checkMigrations, type Migrations } from './migrations.js';

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
  /** A whole number from 1. A record of another version is migrated, or refused where no steps lead here. @default 1 */
  readonly schemaVersion?: number;
  /** Steps between schema versions. @default none */
  readonly migrations?: Migrations;
  /**
   * Runs on every value before the schema sees it: before anything is stored, told to hooks or exported. Must answer
   * the same for what it has already redacted. What it leaves must fit the schema. @default nothing is taken out
   */
  readonly redact?: Redact;
  /** Milliseconds after the newest change at which the memory is forgotten. @default it is kept */
  readonly ttlMs?: number;
  /** How long an update may wait for others, to be stored with them in one write. @default 0, which is not at all */
  readonly coalesceMs?: number;
  /** What the value may take as JSON in UTF-8. @default 1_000_000 */
  readonly maxBytes?: number;
  /** How often one change is tried while others are faster. @default 1000 */
  readonly maxAttempts?: number;
  /** Counts tokens for `statistics`. @default an estimate */
  readonly counter?: TokenCounter;
  /** Told about writes, conflicts, lost answers and hooks that throw. */
  readonly onEvent?: (event: MemoryEvent) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes operation ids; must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** The options with every default filled in. */
export interface Settings extends ValueRules {
  readonly initial: unknown;
  readonly store: Store;
  readonly key: Key;
  readonly recordSchema: { readonly id: string; readonly version: number };
  readonly migrations: Migrations;
  readonly ttlMs: number | undefined;
  readonly coalesceMs: number;
  readonly maxAttempts: number;
  readonly counter: TokenCounter;
  readonly onEvent: (event: MemoryEvent) => void;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Stored beside the value where the key does not tell whose it is. */
  readonly name?: string;
}

/** Throws `InvalidInputError` or `InvalidKeyError` for the first option that cannot be used. Does no I/O. */
export function checkOptions<Input, Value>(options: MemoryOptions<Input, Value>): Settings {
  want(typeof options === 'object' && options !== null, 'options', 'is not an object');
  const { schema, initial, store, key, onEvent, redact, ttlMs } = options;
  const { schemaId = 'memory', schemaVersion = 1, maxBytes = 1_000_000, maxAttempts = 1000 } = options;
  const { migrations = {}, coalesceMs = 0, counter = estimateCounter, clock = systemClock } = options;
  const makeId = options.randomId ?? randomId;
  const isSchema = schema?.['~standard']?.version === 1 && isFunction(schema['~standard'].validate);
  want(isSchema, 'options.schema', 'is not a Standard Schema');
  want(initial !== undefined, 'options.initial', 'is missing');
  const hasDocuments = isFunction(store?.documents?.get) && isFunction(store.documents.put);
  want(hasDocuments, 'options.store', 'is not a store');
  checkKey(key);
  want(typeof schemaId === 'string' && schemaId !== '', 'options.schemaId', 'is not a text, or empty');
  wantCount(schemaVersion, 'options.schemaVersion');
  const hasSteps = typeof migrations === 'object' && migrations !== null;
  want(hasSteps, 'options.migrations', 'is not an object');
  checkMigrations(migrations, schemaVersion);
  want(redact === undefined || isFunction(redact), 'options.redact', 'is not a function');
  if (ttlMs !== undefined) wantCount(ttlMs, 'options.ttlMs');
  wantWait(coalesceMs, 'options.coalesceMs');
  wantCount(maxBytes, 'options.maxBytes');
  wantCount(maxAttempts, 'options.maxAttempts');
  const isCounter = isFunction(counter?.countText) && isFunction(counter.load);
  want(isCounter, 'options.counter', 'is not a token counter');
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
    migrations,
    redact,
    ttlMs,
    coalesceMs,
    maxBytes,
    maxAttempts,
    counter,
    onEvent: quiet(onEvent),
    clock,
    randomId: makeId,
  };
}

/** Throws `InvalidInputError` unless the value is a number of milliseconds, or 0. */
export function wantWait(value: unknown, path: string): void {
  want(Number.isFinite(value) && (value as number) >= 0, path, 'is not a number from 0');
}

/** Throws `InvalidInputError` unless the value is a whole number from 1. */
export function wantCount(value: unknown, path: string): void {
  want(Number.isSafeInteger(value) && (value as number) >= 1, path, 'is not a whole number from 1');
}

export function want(ok: boolean, path: string, reason: string): void {
  if (!ok) throw new InvalidInputError(path, reason);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
