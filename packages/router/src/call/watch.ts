import { type CallTimeouts, type Clock, ModelError, type ModelErrorData } from '@loci/core';

/**
 * Models keep their own clocks and end by themselves; one that does not is given up so much later. The clocks of the
 * router are for models that ignore theirs.
 */
export const graceMs = 250;

export interface WatchLimits {
  readonly timeouts: CallTimeouts;
  readonly deadlineAt: number | undefined;
  /** Characters within `windowMs`, at least; absent where the speed is not watched. */
  readonly drip: { readonly characters: number; readonly windowMs: number } | undefined;
}

/**
 * The clocks of one attempt on one timer that is set when something may be due: an event that comes in time costs a
 * look at the time, nothing more. Time in which the consumer keeps the model waiting is not the model's.
 */
export class Watch {
  readonly #clock: Clock;
  readonly #limits: WatchLimits;
  readonly #onEnd: (failure: ModelError) => void;
  readonly #startedAt: number;
  /** What is due between two events is due so long after the next one was asked for, or later: so far ahead a timer is set at most. */
  readonly #soonestMs: number;
  #cancel: (() => void) | undefined;
  #armed = false;
  #dueAt = Number.POSITIVE_INFINITY;
  #closed = false;
  #begun = false;
  /** Since when the next event is waited for; -1 while the consumer has the last one. */
  #waitingSince = -1;
  #waitedMs = 0;
  #characters = 0;
  #window = { waitedMs: 0, characters: 0 };

  constructor(clock: Clock, limits: WatchLimits, now: number, onEnd: (failure: ModelError) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#startedAt = now;
    this.#soonestMs = Math.min(
      at(limits.timeouts.idleMs, graceMs),
      limits.drip?.windowMs ?? Number.POSITIVE_INFINITY,
    );
  }

  /** The next event is asked for. */
  wait(now: number): void {
    this.#waitingSince = now;
    if (!this.#armed || now + this.#soonestMs < this.#dueAt) this.#arm(now);
  }

  /** It came, with so many characters since the start. Returns the time. */
  came(characters: number, content: boolean): number {
    const now = this.#clock.now();
    this.#waitedMs += now - this.#waitingSince;
    this.#waitingSince = -1;
    this.#characters = characters;
    if (content && !this.#begun) {
      this.#begun = true;
      this.#window = { waitedMs: this.#waitedMs, characters };
    }
    return now;
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(now: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armed = true;
    this.#dueAt = Math.min(this.#nextDue(now), now + this.#soonestMs);
    if (this.#closed || this.#dueAt === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#clock.after(Math.max(0, this.#dueAt - now), () => this.#check());
  }

  #nextDue(now: number): number {
    const { deadlineAt, drip, timeouts } = this.#limits;
    const { firstContentMs, idleMs, totalMs } = timeouts;
    const started = this.#startedAt;
    let due = Math.min(at(deadlineAt, graceMs), at(totalMs, started + graceMs));
    if (!this.#begun) return Math.min(due, at(firstContentMs, started + graceMs));
    if (this.#waitingSince < 0) return due;
    due = Math.min(due, at(idleMs, this.#waitingSince + graceMs));
    if (drip) due = Math.min(due, now + drip.windowMs - this.#waitedInWindow(now));
    return due;
  }

  #waitedInWindow(now: number): number {
    const current = this.#waitingSince < 0 ? 0 : now - this.#waitingSince;
    return this.#waitedMs + current - this.#window.waitedMs;
  }

  #check(): void {
    const now = this.#clock.now();
    const failure = this.#whyOver(now);
    if (failure) {
      this.close();
      this.#onEnd(failure);
    } else this.#arm(now);
  }

  #whyOver(now: number): ModelError | undefined {
    const { deadlineAt, drip, timeouts } = this.#limits;
    const { firstContentMs, idleMs, totalMs } = timeouts;
    const started = this.#startedAt + graceMs;
    if (now >= at(deadlineAt, graceMs)) return deadlinePassed();
    if (now >= at(totalMs, started)) return late(`total: ${totalMs} ms`);
    if (!this.#begun)
      return now >= at(firstContentMs, started) ? late(`firstContent: ${firstContentMs} ms`) : undefined;
    if (this.#waitingSince >= 0 && now >= at(idleMs, this.#waitingSince + graceMs))
      return late(`idle: ${idleMs} ms`);
    if (!drip || this.#waitedInWindow(now) < drip.windowMs) return undefined;
    const characters = this.#characters - this.#window.characters;
    if (characters < drip.characters) return late(`drip: ${characters} characters in ${drip.windowMs} ms`);
    this.#window = {
      waitedMs: this.#window.waitedMs + this.#waitedInWindow(now),
      characters: this.#characters,
    };
    return undefined;
  }
}

function at(ms: number | undefined, from: number): number {
  return ms === undefined ? Number.POSITIVE_INFINITY : ms + from;
}

function late(limit: string): ModelError {
  const data: ModelErrorData = { kind: 'timeout', scope: 'model', retry: 'other' };
  return new ModelError(`The model did not answer in time (${limit}).`, data);
}

export function deadlinePassed(): ModelError {
  return new ModelError('The deadline of the call passed.', {
    kind: 'deadline',
    scope: 'request',
    retry: 'none',
  });
}
