import {
  type CloseReport,
  InvalidInputError,
  type IoOptions,
  type Key,
  StoreClosedError,
  StoreUnavailableError,
} from '@loci/core';
import type { Backend, Row, Value } from './backend.js';
import type { Settings } from './check-options.js';
import { migrate } from './migrate.js';
import { pause } from './pause.js';
import { isAborted, isMissing, toStoreError } from './postgres-error.js';
import { step } from './steps.js';

/** A statement, and what it is about: for errors, for giving up, and for the report of `close`. */
interface Call extends IoOptions {
  readonly key: Key;
  readonly text: string;
  readonly values: readonly Value[];
  /** Ids by which the caller knows the write. */
  readonly operationIds?: readonly string[];
}

/** The way of every operation to the server: connected on first use, bounded in time, counted until it is answered. */
export interface Connection {
  /** Aborted when `close` begins. */
  readonly closing: AbortSignal;
  /** Throws the signal's reason, or `StoreClosedError`. Every operation begins with it. */
  admit(options: IoOptions | undefined): void;
  /** Runs a statement in a transaction of its own, and again where another transaction made it fail. */
  run(call: Call): Promise<readonly Row[]>;
  close(options?: { readonly timeoutMs?: number }): Promise<CloseReport>;
}

/** How often a statement is run that other transactions make fail. */
const mostAttempts = 50;

export function createConnection(settings: Settings, backend: Backend): Connection {
  const { clock, commandTimeoutMs, names } = settings;
  const closing = new AbortController();
  const underWay = new Map<Call, Promise<unknown>>();
  /** One for each wait that `close` may have to end. */
  const waiting = new Set<AbortController>();
  let migrated: Promise<void> | undefined;
  let report: Promise<CloseReport> | undefined;

  /** Runs `work`, at most for as long as one call may take. */
  async function limited<T>(work: (end: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const cancel = clock.after(commandTimeoutMs, () =>
      limit.abort(new StoreUnavailableError(`PostgreSQL did not answer within ${commandTimeoutMs} ms`)),
    );
    waiting.add(limit);
    try {
      return await unlessAborted(work(limit.signal), limit.signal);
    } finally {
      cancel();
      waiting.delete(limit);
    }
  }

  function prepare(): Promise<void> {
    if (migrated) return migrated;
    const attempt = limited((end) => migrate(backend, names, end)).catch((error: unknown) => {
      throw toStoreError(error, []);
    });
    migrated = attempt;
    attempt.catch(() => {
      if (migrated === attempt) migrated = undefined;
    });
    return attempt;
  }

  async function query({ text, values }: Call, end: AbortSignal): Promise<readonly Row[]> {
    for (let attempt = 1; ; attempt++) {
      const prepared = prepare();
      await prepared;
      try {
        return await backend.query(text, values, end);
      } catch (error) {
        // Nothing was written: PostgreSQL undid the transaction, or found nothing to run.
        if (attempt >= mostAttempts || !(isAborted(error) || (isMissing(error) && attempt === 1)))
          throw error;
        if (isMissing(error)) {
          if (migrated === prepared) migrated = undefined;
        } else await pause(Math.random() * Math.min(attempt, 10), clock, end);
      }
    }
  }

  async function answer(call: Call): Promise<readonly Row[]> {
    try {
      const rows = await limited((end) => query(call, end));
      step('after-answer');
      return rows;
    } catch (error) {
      throw toStoreError(error, call.key);
    }
  }

  async function end(timeoutMs: number | undefined): Promise<CloseReport> {
    closing.abort(new StoreClosedError());
    const answered = Promise.allSettled(underWay.values());
    const closed = answered.then(() => withTimeout(backend.close(), commandTimeoutMs));
    closed.catch(() => {});
    await (timeoutMs === undefined ? closed : withTimeout(closed, timeoutMs));
    const left = [...underWay.keys()];
    // Ends the connections that still wait for an answer; what is behind them closes by itself.
    for (const limit of waiting) limit.abort(new StoreClosedError());
    const reason = 'PostgreSQL had not answered when the store was closed';
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
      const signal: unknown = options?.signal;
      if (signal !== undefined && !(signal instanceof AbortSignal))
        throw new InvalidInputError('options.signal', 'is not an AbortSignal');
      signal?.throwIfAborted();
      if (closing.signal.aborted) throw new StoreClosedError();
    },
    run(call) {
      const work = answer(call).finally(() => underWay.delete(call));
      underWay.set(call, work);
      return call.signal ? unlessAborted(work, call.signal) : work;
    },
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

/** Ends the waiting for `work`, which goes on by itself. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}
