import type { IoOptions, Key } from '@loci/core';
import type { MemoryRecord } from './record.js';
import type { Recipe, Snapshot } from './snapshot.js';
import type { PatchOperation } from './to-patch.js';

/** One change, frozen all the way down. */
export interface MemoryChange<Value> {
  /** The value that the change was made on. */
  readonly old: Snapshot<Value>;
  readonly new: Snapshot<Value>;
  /**
   * What turns `old` into `new`, as JSON Patch (RFC 6902). The whole value where it was replaced, or where the schema
   * made something else of what the recipe left.
   */
  readonly patch: readonly PatchOperation[];
}

/** Sync or async; what it throws is reported as `hook-failed`. */
export type ChangeHook<Value> = (change: MemoryChange<Value>) => unknown;

/**
 * One value of the schema's type under one key.
 *
 * INVARIANT: a call that rejects with `InvalidDataError`, `DataTooLargeError` or `InvalidInputError`, or with what a
 * recipe threw, has changed nothing.
 * INVARIANT: a record of another schema, of another version or damaged is refused, and never overwritten.
 */
export interface TypedMemory<Value, Input = Value> {
  readonly key: Key;
  /** The newest stored value, or the initial one where nothing is stored. Writes nothing. */
  get(options?: IoOptions): Promise<Snapshot<Value>>;
  /** Replaces the value. Resolves what is stored then: what the schema made of it. */
  set(value: Snapshot<Input>, options?: IoOptions): Promise<Snapshot<Value>>;
  /**
   * Reads, changes and writes as one step, inside this process and across processes. Resolves the new value when it is
   * stored. Where somebody else was faster, the recipe runs again on the new value; after `maxAttempts` it rejects
   * with `ConflictError`. A recipe that changes nothing writes nothing.
   *
   * INVARIANT: a change is applied at most once, also where the store's answer was lost.
   *
   * Rejects with `StoreUnavailableError`, or with `ConflictError` whose `mayHaveApplied` is true, where an answer was
   * lost and the store does not say whether the change was made; and with `signal.reason`. Do not await another change
   * of the same memory inside a recipe: it waits until this one has ended.
   */
  update(recipe: Recipe<Value, Input>, options?: IoOptions): Promise<Snapshot<Value>>;
  /**
   * Calls `hook` after every change that is made through this object from now on, in the order of registration and of
   * the changes. Returns a function that ends this. Hooks that return no promise have run when `set`, `update` or
   * `importMemory` resolves, unless an earlier async hook still runs; nothing waits for async ones but `flush`.
   */
  onChange(hook: ChangeHook<Value>): () => void;
  /** The value with its schema id, version and times, as plain JSON. Where nothing is stored, of the initial value. */
  exportMemory(options?: IoOptions): Promise<MemoryRecord>;
  /**
   * Replaces value and times by what `exportMemory` gave, here or elsewhere.
   * INVARIANT: export → import → export gives the same JSON.
   *
   * Rejects with `InvalidInputError` where it is another format, schema id or version (`path` says which), and with
   * `InvalidDataError` where the value does not fit.
   */
  importMemory(data: unknown, options?: IoOptions): Promise<Snapshot<Value>>;
  /** Resolves when all changes asked for have been made or refused and all hooks have run. Do not await it in a hook. */
  flush(options?: IoOptions): Promise<void>;
}
