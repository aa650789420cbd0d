import {
  type CloseReport,
  InvalidInputError,
  type IoOptions,
  type Key,
  StoreClosedError,
  StoreUnavailableError,
} from '@loci/core';
import type { Settings } from './check-options.js';
import { createCommands } from './commands.js';
import type { Dialer } from './dial.js';
import { toStoreError } from './redis-error.js';
import type { Script } from './script.js';

/** What a script is given, and what it is about: for errors, for giving up, and for the report of `close`. */
interface Call extends IoOptions {
  readonly key: Key;
  readonly keys: readonly string[];
  readonly values: readonly (string | number)[];
  /** Ids by which the caller knows the write. */
  readonly operationIds?: readonly string[];
}

/** The way of every operation to the server: connected on first use, bounded in time, counted until it is answered. */
export interface Connection {
  /** Aborted when `close` begins. */
  readonly closing: AbortSignal;
  /** Throws the signal's reason, or `StoreClosedError`. Every operation begins with it. */
  admit(options: IoOptions | undefined): void;
  /** Runs a script; the moment of the call goes before its values. Answers its reply, which is always a list. */
  run(script: Script, call: Call): Promise<readonly unknown[]>;
  close(options?: { readonly timeoutMs?: number }): Promise<CloseReport>;
}

export function createConnection(settings: Settings, dialer: Dialer): Connection {
  const { clock, commandTimeoutMs } = settings;
  const commands = createCommands(settings, dialer);
  const closing = new AbortController();
  const ended = new AbortController();
  const underWay = new Map<Call, Promise<unknown>>();
  let report: Promise<CloseReport> | undefined;

  async function answer(script: Script, call: Call): Promise<readonly unknown[]> {
    let giveUp = (_: unknown) => {};
    const limit = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const stop = () => giveUp(ended.signal.reason);
    const cancel = clock.after(commandTimeoutMs, () => {
      const tooLate = new StoreUnavailableError(`Redis did not answer within ${commandTimeoutMs} ms`);
      giveUp(tooLate);
      commands.hangUp(tooLate);
    });
    ended.signal.addEventListener('abort', stop);
    try {
      ended.signal.throwIfAborted();
      const values = [Math.floor(clock.now()), ...call.values].map(String);
      const reply = await Promise.race([commands.evaluate(script, call.keys, values), limit]);
      if (!Array.isArray(reply)) throw new StoreUnavailableError('Redis answered something else than a list');
      return reply;
    } catch (error) {
      throw toStoreError(error, call.key);
    } finally {
      cancel();
      ended.signal.removeEventListener('abort', stop);
    }
  }

  async function end(timeoutMs: number | undefined): Promise<CloseReport> {
    closing.abort(new StoreClosedError());
    const all = Promise.allSettled(underWay.values());
    await (timeoutMs === undefined ? all : withTimeout(all, timeoutMs));
    const left = [...underWay.keys()];
    ended.abort(new StoreClosedError());
    commands.hangUp(new StoreClosedError());
    const reason = 'Redis had not answered when the store was closed';
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
    run(script, call) {
      const work = answer(script, call).finally(() => underWay.delete(call));
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
