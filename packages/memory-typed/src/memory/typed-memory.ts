import type { IoOptions, Key } from '@loci/core';
import type { Recipe, Snapshot } from '../value/snapshot.js';
import type { PatchOperation } from '../value/to-patch.js';
import type { MemoryRecord } from './record.js';
import type { MemoryStatistics } from './statistics.js';

/** One change, frozen all the way down. */
export interface MemoryChange<Value> {
  /** The value that the change was made on. */
  readonly old: Snapshot<Value>;
  readonly new: Snapshot<Value>;
  /**
   * What turns `old` into `new`, as JSON Patch (RFC 6902). The whole value where it was replaced, or where schema or
   * redaction made something else of what the recipe left.
   */
  readonly patch: readonly PatchOperation[];
}

/** Sync or async; what it throws is reported as `hook-failed`. */
export type ChangeHook<Value> = (change: MemoryChange<Value>) => unknown;

export interface UpdateOptions extends IoOptions {
  /**
   * How long this update may wait for others, to be stored with them in one write. Anything else that is asked of the
   * memory but reading sends what waits. @default `coalesceMs` of the memory
   */
  readonly coalesceMs?: number;
}

export interface ExportOptions extends IoOptions {
  /** An older version, where the steps `migrations.down` lead there. @default the version of the memory */
  readonly schemaVersion?: number;
}

export interface WatchOptions<Value> {
  /** Ends the watching, without an error. */
  readonly signal: AbortSignal;
  /** What was seen last, so that nothing between is missed. @default what is stored when the watching begins */
  readonly from?: Snapshot<Value>;
  /** How often to look where the store has no change feed; not used where it has one. */
  readonly pollMs?: number;
}

/**
 * One value of the schema's type under one key.
 *
 * INVARIANT: a call that rejects with `InvalidDataError`, `DataTooLargeError`, `MigrationError` or
 * `InvalidInputError`, or with what a recipe threw, has changed nothing.
 * INVARIANT: a record of another schema, of a version that no steps lead from, or damaged is refused, and never
 * overwritten.
 */
export interface TypedMemory<Value, Input = Value> {
  readonly key: Key;
  /** The newest stored value, or the initial one where nothing is stored. Writes nothing, also where it migrates. */
  get(options?: IoOptions): Promise<Snapshot<Value>>;
  /** Replaces the value. Resolves what is stored then: what redaction and schema made of it. */
  set(value: Snapshot<Input>, options?: IoOptions): Promise<Snapshot<Value>>;
  /**
   * Reads, changes and writes as one step, inside this process and across processes. Resolves the new value when it is
   * stored. Where somebody else was faster, the recipe runs again on the new value; after `maxAttempts` it rejects
   * with `ConflictError`. A recipe that changes nothing writes nothing.
   *
   * With `coalesceMs` the updates of that time run one after the other on one value, which is written once: each is
   * checked on its own, one that throws is left out, and all resolve the value that is stored. Hooks hear of one change.
   *
   * INVARIANT: a change is applied at most once, also where the store's answer was lost.
   *
   * Rejects with `StoreUnavailableError`, or with `ConflictError` whose `mayHaveApplied` is true, where an answer was
   * lost and the store does not say whether the change was made; and with `signal.reason`. Do not await another change
   * of the same memory inside a recipe: it waits until this one has ended.
   */
  update(recipe: Recipe<Value, Input>, options?: UpdateOptions): Promise<Snapshot<Value>>;
  /** Deletes what is stored: the value is the initial one again. Does nothing where nothing is stored. */
  clear(options?: IoOptions): Promise<void>;
  /**
   * Calls `hook` after every change that is made through this object from now on, in the order of registration and of
   * the changes. Returns a function that ends this. Hooks that return no promise have run when `set`, `update`,
   * `clear` or `importMemory` resolves, unless an earlier async hook still runs; nothing waits for async ones but `flush`.
   */
  onChange(hook: ChangeHook<Value>): () => void;
  /**
   * Every change of what is stored, whoever makes it, in this process or another. Changes that follow one another
   * quickly may be told as one. What expires is noticed when the store is next looked at.
   *
   * Throws `InvalidInputError` where the store has no change feed and there is no `pollMs`; ends with the errors of
   * `get` where somebody stored what this memory cannot read.
   */
  watch(options: WatchOptions<Value>): AsyncIterable<MemoryChange<Value>>;
  /** Counts, sizes and growth; reads the value once. */
  statistics(options?: IoOptions): Promise<MemoryStatistics>;
  /**
   * The value with its schema id, version and times, as plain JSON. Where nothing is stored, of the initial value.
   * Rejects with `InvalidInputError` where no steps lead to `schemaVersion`.
   */
  exportMemory(options?: ExportOptions): Promise<MemoryRecord>;
  /**
   * Replaces value and times by what `exportMemory` gave, here or elsewhere, also of another version where steps lead
   * from there.
   * INVARIANT: export → import → export gives the same JSON.
   *
   * Rejects with `InvalidInputError` where it is another format, schema id or version (`path` says which), with
   * `MigrationError` where a step fails, and with `InvalidDataError` where the value does not fit.
   */
  importMemory(data: unknown, options?: IoOptions): Promise<Snapshot<Value>>;
  /**
   * Stores what waits, and resolves when all changes asked for have been made or refused and all hooks have run. Do
   * not await it in a hook.
   */
  flush(options?: IoOptions): Promise<void>;
}
