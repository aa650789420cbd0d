import { type Clock, systemClock } from '../clock.js';
import type { CallOptions, CallTimeouts, ErrorKind } from './model.js';
import { ModelError } from './model-error.js';

/** Watches one call of a vendor: the caller's signal, the deadline and the time-outs, on one abort signal. */
export interface CallGuard {
  /** Give this to the vendor's client. Aborted by the caller's signal, the deadline or a time-out. */
  readonly signal: AbortSignal;
  /** Set as soon as the guard ended the call. Look here first: what the client throws, or its silent end, is only the echo. */
  readonly failure: ModelError | undefined;
  /** The response headers are here. */
  headers(): void;
  /** An event came; `content` where it carried text, reasoning or a tool call. */
  event(content: boolean): void;
  /**
   * The events of the vendor's stream, watched by the idle time-out. It runs only while the next event is waited for:
   * a consumer may take its time with the last one.
   */
  watch<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /** Cancels every timer. Call it in `finally`. */
  close(): void;
}

/** Starts the clocks of one call. Defaults are the provider's; the caller's time-outs win over them. */
export function guardCall(
  options: CallOptions | undefined,
  defaults: CallTimeouts = {},
  clock: Clock = systemClock,
): CallGuard {
  const controller = new AbortController();
  const limits = { ...defaults, ...options?.timeouts };
  const timers = new Map<string, () => void>();
  let failure: ModelError | undefined;
  let begun = false;

  const end = (kind: ErrorKind, message: string, cause?: unknown) => {
    if (failure) return;
    failure = new ModelError(message, { kind, ...consequence(kind) }, cause);
    stopTimers();
    controller.abort(failure);
  };
  const start = (name: string, ms: number | undefined, run: () => void) => {
    timers.get(name)?.();
    timers.delete(name);
    if (ms !== undefined && !failure) timers.set(name, clock.after(Math.max(0, ms), run));
  };
  const limit = (name: 'headers' | 'firstContent' | 'idle' | 'total', ms: number | undefined) =>
    start(name, ms, () => end('timeout', `The model did not answer in time (${name}: ${ms} ms).`));
  const stopTimers = () => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  };

  const onAbort = () => end('aborted', 'The call was aborted by its caller.', options?.signal?.reason);
  if (options?.signal?.aborted) onAbort();
  options?.signal?.addEventListener('abort', onAbort, { once: true });
  if (options?.deadlineAt !== undefined) {
    const message = 'The deadline of the call passed.';
    const left = options.deadlineAt - clock.now();
    if (left <= 0) end('deadline', message);
    start('deadline', left, () => end('deadline', message));
  }
  limit('headers', limits.headersMs);
  limit('firstContent', limits.firstContentMs);
  limit('total', limits.totalMs);

  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    headers: () => start('headers', undefined, stopTimers),
    event(content) {
      start('headers', undefined, stopTimers);
      if (content) {
        begun = true;
        start('firstContent', undefined, stopTimers);
      }
    },
    async *watch(source) {
      const wait = () => limit('idle', begun ? limits.idleMs : undefined);
      wait();
      for await (const item of source) {
        start('idle', undefined, stopTimers);
        yield item;
        wait();
      }
    },
    close() {
      stopTimers();
      options?.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function consequence(kind: ErrorKind): { scope: 'request' | 'model'; retry: 'other' | 'none' } {
  return kind === 'timeout' ? { scope: 'model', retry: 'other' } : { scope: 'request', retry: 'none' };
}
