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
  /** The next event is waited for, or has come: the idle time-out runs in between, once content has begun. */
  waits(waits: boolean): void;
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
  options: CallOptions = {},
  defaults: CallTimeouts = {},
  clock: Clock = systemClock,
): CallGuard {
  const controller = new AbortController();
  const { signal, deadlineAt } = options;
  const limits = { ...defaults, ...options.timeouts };
  const { idleMs } = limits;
  const timers = new Map<string, () => void>();
  let failure: ModelError | undefined;
  let begun = false;
  let waitsSince: number | undefined;

  const end = (kind: ErrorKind, message: string, cause?: unknown) => {
    if (failure) return;
    failure = new ModelError(message, { kind, ...consequence(kind) }, cause);
    stopTimers();
    controller.abort(failure);
  };
  const stop = (name: string) => {
    timers.get(name)?.();
    timers.delete(name);
  };
  const start = (name: string, ms: number | undefined, run: () => void) => {
    if (ms !== undefined && !failure) timers.set(name, clock.after(Math.max(0, ms), run));
  };
  const expire = (name: string, ms: number | undefined) =>
    end('timeout', `The model did not answer in time (${name}: ${ms} ms).`);
  const limit = (name: string, ms: number | undefined) => start(name, ms, () => expire(name, ms));
  const stopTimers = () => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  };
  // One timer for many waits, because a timer for each event costs as much as reading it: one that comes too early for
  // the present wait is set again for what is left of it.
  const startIdle = (ms: number) =>
    start('idle', ms, () => {
      timers.delete('idle');
      if (idleMs === undefined || waitsSince === undefined) return;
      const left = waitsSince + idleMs - clock.now();
      if (left > 0) startIdle(left);
      else expire('idle', idleMs);
    });

  const onAbort = () => end('aborted', 'The call was aborted by its caller.', signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (deadlineAt !== undefined) {
    const pass = () => end('deadline', 'The deadline of the call passed.');
    const left = deadlineAt - clock.now();
    if (left <= 0) pass();
    start('deadline', left, pass);
  }
  limit('headers', limits.headersMs);
  limit('firstContent', limits.firstContentMs);
  limit('total', limits.totalMs);

  const waits = (waiting: boolean) => {
    if (idleMs === undefined || !begun) return;
    waitsSince = waiting ? clock.now() : undefined;
    if (waiting && !timers.has('idle')) startIdle(idleMs);
  };
  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    headers: () => stop('headers'),
    event(content) {
      stop('headers');
      if (content) {
        begun = true;
        stop('firstContent');
      }
    },
    waits,
    async *watch(source) {
      waits(true);
      for await (const item of source) {
        waits(false);
        yield item;
        waits(true);
      }
    },
    close() {
      stopTimers();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function consequence(kind: ErrorKind): { scope: 'request' | 'model'; retry: 'other' | 'none' } {
  return kind === 'timeout' ? { scope: 'model', retry: 'other' } : { scope: 'request', retry: 'none' };
}
