import {
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  type Clock,
  LociError,
  ModelError,
} from '@loci/core';
import type { Money } from '@loci/prices';
import type { Reservation } from '../budget/budget.js';
import type { Admission } from '../health/model-health.js';
import type { Member } from '../plan/member.js';
import type { RouteAttempt } from '../route/route.js';
import type { AttemptOptions } from './attempt-options.js';
import { Received } from './received.js';
import { graceMs, Watch, type WatchLimits } from './watch.js';

/** Who follows an attempt after its beginning. */
export interface Follower {
  event(result: IteratorResult<ChatEvent, void>): void;
  /** `attempt.error` says why. */
  broke(): void;
}

/** One call of one model, from its first event to its end, whatever that is. */
export class Attempt {
  readonly member: Member;
  readonly number: number;
  readonly why: string;
  readonly admission: Admission;
  readonly received = new Received();
  /** Resolves with the first content or the end; of a whole answer, with the end. */
  readonly settled: Promise<void>;
  /** What `settled` is about: the first content or the finish. */
  first: IteratorResult<ChatEvent, void> | undefined;
  response: ChatResponse | undefined;
  error: ModelError | undefined;
  /** An error that is not one of models: it is the caller's as it is. */
  fatal: LociError | undefined;
  follower: Follower | undefined;
  readonly startedAt: number;
  /** -1 while no content came. */
  firstContentMs = -1;
  endedAt = -1;
  result: RouteAttempt['result'] = 'success';
  cost: Money | null = null;
  /** Of the budget. */
  reservation: Reservation | undefined;
  /** Corrects what was taken from the rate. */
  correct: ((usedTokens: number) => void) | undefined;
  readonly #clock: Clock;
  readonly #whole: boolean;
  readonly #watch: Watch;
  #options: AttemptOptions | undefined;
  #iterator: AsyncIterator<ChatEvent, unknown> | undefined;
  #pending: Promise<unknown> | undefined;
  #verdict: ModelError | undefined;
  #cancelGrace: (() => void) | undefined;
  #settle: () => void = () => {};
  #begin: (() => void) | undefined;
  #begun: Promise<void> | undefined;

  constructor(
    member: Member,
    number: number,
    why: string,
    admission: Admission,
    clock: Clock,
    limits: WatchLimits,
    whole: boolean,
    now: number,
  ) {
    this.member = member;
    this.number = number;
    this.why = why;
    this.admission = admission;
    this.#clock = clock;
    this.#whole = whole;
    this.#watch = new Watch(clock, limits, now, (failure) => this.stop(failure));
    this.startedAt = now;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get ended(): boolean {
    return this.endedAt >= 0;
  }

  /** Resolves with the first content, the finish or the failure, also where a whole answer is collected. */
  begun(): Promise<void> {
    if (!this.#whole) return this.settled;
    if (this.ended || this.firstContentMs >= 0) return Promise.resolve();
    this.#begun ??= new Promise((resolve) => {
      this.#begin = resolve;
    });
    return this.#begun;
  }

  start(request: ChatRequest, options: AttemptOptions): void {
    try {
      this.#options = options;
      const stream = this.member.model.stream(request, options);
      this.#iterator = stream[Symbol.asyncIterator]();
      this.pull(this.startedAt);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Asks for the next event. */
  pull(now = this.#clock.now()): void {
    if (!this.#iterator || this.ended) return;
    this.#watch.wait(now);
    const next = this.#iterator.next();
    this.#pending = next;
    next.then(this.#came, this.#failed);
  }

  /** Ends it for this reason. The model is given a moment to close what it opened. */
  stop(verdict: ModelError): void {
    if (this.ended || this.#verdict) return;
    this.#verdict = verdict;
    this.#cancelGrace = this.#clock.after(graceMs, () => this.#fail(verdict));
    this.#options?.signalling().abort(verdict.kind === 'aborted' ? verdict.cause : verdict);
  }

  /** Ends it without a verdict: another was faster, or its caller left. Resolves when it is closed. */
  async cancel(result: 'cancelled' | 'aborted', reason: unknown): Promise<void> {
    if (this.ended) return;
    this.result = result;
    this.#end();
    this.#settle();
    this.#options?.signalling().abort(reason);
    const closing = async () => {
      await this.#pending?.catch((error: unknown) => {
        if (ModelError.isInstance(error)) this.error = error;
      });
      await this.#iterator?.return?.();
    };
    let stopTimer: (() => void) | undefined;
    const tooLong = new Promise<void>((resolve) => {
      stopTimer = this.#clock.after(graceMs, resolve);
    });
    await Promise.race([closing().catch(() => {}), tooLong]);
    stopTimer?.();
    this.endedAt = this.#clock.now();
  }

  readonly #came = (result: IteratorResult<ChatEvent, unknown>): void => {
    if (this.ended) return;
    if (result.done) this.#fail(endedEarly());
    else this.#take(result, result.value);
  };

  readonly #failed = (error: unknown): void => this.#fail(error);

  #take(result: IteratorYieldResult<ChatEvent>, event: ChatEvent): void {
    if (event.type === 'finish') {
      this.response = event.response;
      this.#end();
      // The finish is the last event: what the model holds open is closed without waiting for a reader.
      this.#iterator?.return?.().then(undefined, () => {});
      this.#hand(result);
      return;
    }
    let content = false;
    if (event.type === 'restart') this.received.clear();
    else {
      content = event.type === 'tool-call-delta' || event.text !== '';
      this.received.add(event, this.member.origin);
    }
    const now = this.#watch.came(this.received.characters, content);
    if (content && this.firstContentMs < 0) {
      this.firstContentMs = now - this.startedAt;
      this.#begin?.();
    }
    if (this.follower) this.follower.event(result);
    else if (content && !this.#whole) this.#hand(result);
    else this.pull(now);
  }

  #hand(event: IteratorYieldResult<ChatEvent>): void {
    if (this.follower) {
      this.follower.event(event);
      return;
    }
    this.first = event;
    this.#begin?.();
    this.#settle();
  }

  #fail(thrown: unknown): void {
    if (this.ended) return;
    this.#end();
    if (LociError.isInstance(thrown) && !ModelError.isInstance(thrown)) this.fatal = thrown;
    this.error = this.#complete(toModelError(thrown));
    this.result = this.error.kind;
    if (this.follower) this.follower.broke();
    this.#begin?.();
    this.#settle();
  }

  /** The failure that the router decided on wins over its echo; both keep what had been received. */
  #complete(thrown: ModelError): ModelError {
    const error = this.#verdict ?? thrown;
    const usage = error.usage ?? thrown.usage;
    const partial =
      error.partial ??
      thrown.partial ??
      (this.received.length > 0 ? this.received.toMessage(this.#clock.now) : undefined);
    return error.partial === partial && error.usage === usage
      ? error
      : error.with({ ...(usage && { usage }), ...(partial && { partial }) });
  }

  #end(): void {
    this.endedAt = this.#clock.now();
    this.#watch.close();
    this.#cancelGrace?.();
  }
}

function endedEarly(): ModelError {
  return new ModelError('The answer ended without its end marker.', {
    kind: 'truncated',
    scope: 'model',
    retry: 'other',
  });
}

function toModelError(error: unknown): ModelError {
  if (ModelError.isInstance(error)) return error;
  return new ModelError(
    'The model failed in an unexpected way; see `cause`.',
    { kind: 'malformed', scope: 'model', retry: 'other' },
    error,
  );
}
