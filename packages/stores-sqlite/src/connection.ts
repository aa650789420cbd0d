import { type CloseReport, InvalidInputError, type IoOptions, type Key, StoreClosedError } from '@loci/core';
import type { Bell } from './bell.js';
import type { Settings } from './check-options.js';
import { type Database, inTransaction } from './database.js';
import { openDatabase } from './open-database.js';
import { toStoreError } from './sqlite-error.js';
import { step } from './steps.js';
import { createSweeper } from './sweep.js';
import { waitForLock } from './wait-for-lock.js';

/** What a task is about: for errors, for giving up, and for the report of `close`. */
interface TaskOptions extends IoOptions {
  readonly key: Key;
  /** Ids by which the caller knows the write. */
  readonly operationIds?: readonly string[];
}

/** The way of every operation to the file: opened on first use, one write at a time, locks waited for. */
export interface Connection {
  /** Aborted when `close` begins. */
  readonly closing: AbortSignal;
  /** Throws the signal's reason, or `StoreClosedError`. Every operation begins with it. */
  admit(options: IoOptions | undefined): void;
  /** Runs `task` on the open file, outside any transaction. */
  use<T>(task: (database: Database) => T, options: TaskOptions): Promise<T>;
  /** Runs `task` on one consistent state of the file. */
  read<T>(task: (database: Database) => T, options: TaskOptions): Promise<T>;
  /** Runs `task` in a transaction of its own, in the order of the calls. May run it again after a lock. */
  write<T>(task: (database: Database) => T, options: TaskOptions): Promise<T>;
  close(options?: { readonly timeoutMs?: number }): Promise<CloseReport>;
}

export function createConnection(settings: Settings, bell: Bell): Connection {
  const { clock, busyTimeoutMs } = settings;
  const closing = new AbortController();
  const ended = new AbortController();
  const unsaved = new Set<TaskOptions>();
  const sweeper = createSweeper(clock);
  let database: Database | undefined;
  let lastWrite: Promise<unknown> = Promise.resolve();
  let report: Promise<CloseReport> | undefined;

  async function use<T>(
    task: (database: Database) => T,
    { key, signal }: TaskOptions,
    since = clock.now(),
  ): Promise<T> {
    const attempt = () => {
      database ??= openDatabase(settings);
      return task(database);
    };
    try {
      const signals = signal ? [ended.signal, signal] : [ended.signal];
      return await waitForLock(attempt, { clock, since, limitMs: busyTimeoutMs, signals });
    } catch (error) {
      throw toStoreError(error, key);
    }
  }

  async function write<T>(task: (database: Database) => T, options: TaskOptions): Promise<T> {
    const since = clock.now();
    const attempt = (open: Database) => {
      step('before-begin');
      const result = inTransaction(open, 'immediate', () => {
        step('after-begin');
        const value = task(open);
        step('before-commit');
        return value;
      });
      step('after-commit');
      unsaved.delete(options);
      bell.ring();
      sweeper.afterWrite(open);
      return result;
    };
    unsaved.add(options);
    const turn = lastWrite.then(() => use(attempt, options, since)).finally(() => unsaved.delete(options));
    lastWrite = turn.catch(() => undefined);
    return options.signal ? unlessAborted(turn, options.signal) : turn;
  }

  async function end(timeoutMs: number | undefined): Promise<CloseReport> {
    closing.abort(new StoreClosedError());
    await (timeoutMs === undefined ? lastWrite : withTimeout(lastWrite, timeoutMs));
    const left = [...unsaved];
    ended.abort(new StoreClosedError());
    await lastWrite;
    database?.close();
    database = undefined;
    const reason = 'another process held the lock of the file until the store was closed';
    return {
      unsaved: left.flatMap(({ key, operationIds = [] }) =>
        operationIds.map((operationId) => ({ key, operationId, reason })),
      ),
    };
  }

  function withTimeout(work: Promise<unknown>, ms: number): Promise<unknown> {
    let cancel = () => {};
    const timeout = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    return Promise.race([work, timeout]).finally(() => cancel());
  }

  return {
    closing: closing.signal,
    admit(options) {
      checkSignal(options?.signal);
      options?.signal?.throwIfAborted();
      if (closing.signal.aborted) throw new StoreClosedError();
    },
    use,
    read: (task, options) => use((open) => inTransaction(open, 'deferred', () => task(open)), options),
    write,
    async close(options) {
      const timeoutMs: unknown = options?.timeoutMs;
      if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0)) {
        throw new InvalidInputError('options.timeoutMs', 'is not a number from 0');
      }
      report ??= end(options?.timeoutMs);
      return report;
    },
  };
}

function checkSignal(signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidInputError('options.signal', 'is not an AbortSignal');
  }
}

/** Ends the waiting for `work`, which goes on by itself until it looks at the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
