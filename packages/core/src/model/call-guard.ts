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
  const limits: { readonly [name: string]: number | undefined } = { ...defaults, ...options.timeouts };
  /** When each limit that runs is reached. */
  const due = new Map<string, number>();
  let failure: ModelError | undefined;
  let begun = false;
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm = () => {};

  const onAbort = () => end('aborted', 'The call was aborted by its caller.', signal?.reason);
  const close = () => {
    due.clear();
    disarm();
    signal?.removeEventListener('abort', onAbort);
  };
  const end = (kind: ErrorKind, message: string, cause?: unknown) => {
    if (failure) return;
    const isLate = kind === 'timeout';
    const [scope, retry] = isLate ? (['model', 'other'] as const) : (['request', 'none'] as const);
    failure = new ModelError(message, { kind, scope, retry }, cause);
    close();
    controller.abort(failure);
  };
  const limit = (name: string, now: number) => {
    const ms = limits[`${name}Ms`];
    if (ms !== undefined) due.set(name, now + ms);
  };
  // One timer for all limits, set again where it comes too early: one for each event would cost as much as reading it.
  const arm = (now: number) => {
    let next = armedFor;
    for (const [name, at] of due) {
      if (at <= now) {
        if (name === 'deadline') end(name, 'The deadline of the call passed.');
        else end('timeout', `The model did not answer in time (${name}: ${limits[`${name}Ms`]} ms).`);
        return;
      }
      next = Math.min(next, at);
    }
    if (next === armedFor) return;
    disarm();
    armedFor = next;
    disarm = clock.after(next - now, () => {
      armedFor = Number.POSITIVE_INFINITY;
      // Also where the machine's time was set back meanwhile.
      arm(Math.max(next, clock.now()));
    });
  };

  if (signal?.aborted) onAbort();
  else {
    signal?.addEventListener('abort', onAbort, { once: true });
    const now = clock.now();
    if (deadlineAt !== undefined) due.set('deadline', deadlineAt);
    for (const name of ['headers', 'firstContent', 'total']) limit(name, now);
    arm(now);
  }

  const waits = (waiting: boolean) => {
    due.delete('idle');
    if (!waiting || !begun || failure) return;
    const now = clock.now();
    limit('idle', now);
    arm(now);
  };
  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    headers: () => void due.delete('headers'),
    event(content) {
      due.delete('headers');
      if (content) due.delete('firstContent');
      begun ||= content;
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
    close,
  };
}
