import type { IoOptions, Key } from '@loci/core';
import type { DeleteInactiveReport } from '@loci/core/maintenance';
import type { MemoryOptions } from '../memory/memory-options.js';
import type { TypedMemory } from '../memory/typed-memory.js';
import type { Snapshot } from '../value/snapshot.js';

export interface SessionsOptions<Input, Value> extends MemoryOptions<Input, Value> {
  /** The sessions lie below it; 14 segments at most. */
  readonly key: Key;
  /** Whether `end` deletes what is stored of a session. @default false */
  readonly clearAtEnd?: boolean;
}

/** The memory of one session. */
export interface Session<Value, Input = Value> extends TypedMemory<Value, Input> {
  readonly id: string;
  /** Waits as `flush` does; with `clearAtEnd`, then deletes what is stored and tells the hooks. */
  end(options?: IoOptions): Promise<void>;
}

export interface SessionListing {
  /** Absent where it is longer than 512 bytes and what is stored is so damaged that it does not show. */
  readonly id?: string;
  /** Where it lies in the store. */
  readonly key: Key;
  /** Epoch milliseconds of the newest change. */
  readonly updatedAt: number;
  /** Epoch milliseconds; absent: does not expire. */
  readonly expiresAt?: number;
  /** `code` of the error that `load` rejects with, for example `DAMAGED_RECORD`; absent: it can be loaded. */
  readonly problem?: string;
}

export interface ListSessionsOptions extends IoOptions {
  /** Only those that come after this id in the order of the listing. */
  readonly after?: string;
  /** @default all */
  readonly limit?: number;
}

export interface DeleteInactiveSessionsOptions extends IoOptions {
  /** How long ago the newest change is at least. */
  readonly olderThanMs: number;
  /** How many are deleted at most. @default 100 */
  readonly limit?: number;
}

export interface DeleteInactiveSessionsReport extends Pick<DeleteInactiveReport, 'failed' | 'more'> {
  readonly deleted: number;
}

/**
 * Memories of one schema by id. An id is any text of well-formed Unicode, the empty one and a very long one included:
 * it is data, and no path, pattern or property of anything. Other ids are refused with `InvalidInputError`.
 */
export interface Sessions<Value, Input = Value> {
  /** The memory of that id, whether or not anything is stored. Does no I/O. */
  open(id: string): Promise<Session<Value, Input>>;
  /** Replaces the value of a session, or makes one. Resolves what is stored then. */
  save(id: string, value: Snapshot<Input>, options?: IoOptions): Promise<Snapshot<Value>>;
  /** The stored value; `undefined` where nothing is stored. Rejects as `get` does. */
  load(id: string, options?: IoOptions): Promise<Snapshot<Value> | undefined>;
  /**
   * What is stored, in an order that stays the same. Reads every record that it names, and names those that cannot be
   * loaded with their `problem`.
   */
  list(options?: ListSessionsOptions): AsyncIterable<SessionListing>;
  /** Deletes what is stored, readable or not. Resolves whether there was something. */
  delete(id: string, options?: IoOptions): Promise<boolean>;
  /** Deletes sessions by the age of their newest change. Call it until `more` is false. */
  deleteInactive(options: DeleteInactiveSessionsOptions): Promise<DeleteInactiveSessionsReport>;
}
