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
  /** The next event is waited for: the idle time-out runs until `event`, once content has begun. */
  wait(): void;
  /**
   * The events of the vendor's stream, watched by the idle time-out. It runs only while the next event is waited for:
   * a consumer may take its time with the last one.
   */
  watch<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /** Cancels every timer. Call it in `finally`. */
  close(): void;
}

const never = Number.POSITIVE_INFINITY;

/** Starts the clocks of one call. Defaults are the provider's; the caller's time-outs win over them. */
export function guardCall(
  options: CallOptions = {},
  defaults: CallTimeouts = {},
  clock: Clock = systemClock,
): CallGuard {
  const controller = new AbortController();
  const { signal, deadlineAt = never } = options;
  const limits: { readonly [name: string]: number | undefined } = { ...defaults, ...options.timeouts };
  const { idleMs } = limits;
  /** When each limit that runs is reached. */
  const due = new Map<string, number>();
  let failure: ModelError | undefined;
  let begun = false;
  let armedFor = never;
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
      armedFor = never;
      // Also where the machine's time was set back meanwhile.
      arm(Math.max(next, clock.now()));
    });
  };

  if (signal?.aborted) onAbort();
  else {
    signal?.addEventListener('abort', onAbort, { once: true });
    const now = clock.now();
    due.set('deadline', deadlineAt);
    for (const name of ['headers', 'firstContent', 'total'])
      due.set(name, now + (limits[`${name}Ms`] ?? never));
    arm(now);
  }

  const wait = () => {
    if (!begun || failure || idleMs === undefined) return;
    const now = clock.now();
    due.set('idle', now + idleMs);
    arm(now);
  };
  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    headers: () => void due.delete('headers'),
    event(content) {
      due.delete(begun ? 'idle' : 'headers');
      if (!content || begun) return;
      begun = true;
      due.delete('firstContent');
    },
    wait,
    async *watch(source) {
      wait();
      for await (const item of source) {
        due.delete('idle');
        yield item;
        wait();
      }
    },
    close,
  };
}
