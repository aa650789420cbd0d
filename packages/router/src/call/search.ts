import {
  type CallOptions,
  type ChatRequest,
  type ChatResponse,
  createMessage,
  type ErrorKind,
  LociError,
  type Message,
  ModelError,
} from '@loci/core';
import type { Budget, Reservation } from '../budget/budget.js';
import type { BudgetError } from '../budget/budget-error.js';
import type { Member } from '../plan/member.js';
import { nobodyFits, type Plan } from '../plan/plan.js';
import { mayGoElsewhere, policy } from '../policy/policy.js';
import { addRoute } from '../route/add-route.js';
import { RouteError } from '../route/route-error.js';
import { Attempt } from './attempt.js';
import { AttemptOptions } from './attempt-options.js';
import { Continuation } from './continuation.js';
import { conclude, type Engine, limitsOf } from './engine.js';
import { Progress, type Step } from './progress.js';
import { Story } from './story.js';
import { deadlinePassed } from './watch.js';

/** Reserved where neither the request nor the model limits the answer. */
const usualOutputTokens = 4096;

const accepts = ['restart'] as const;

/** The way of one request through the models: plans, asks, waits and goes elsewhere until one answers. */
export class Search {
  continuation: Continuation | undefined;
  /** Attempts that were given up and are not closed yet. */
  readonly closing: Promise<void>[] = [];
  readonly #engine: Engine;
  readonly #request: ChatRequest;
  readonly #options: CallOptions | undefined;
  readonly #whole: boolean;
  readonly #plan: Plan;
  readonly #progress: Progress;
  readonly #story: Story;
  readonly #endAt: number;
  /** The attempts that run: one, or two where the first is hedged. */
  readonly #running: Attempt[] = [];
  #first: ModelError | undefined;
  /** What was handed out of an answer that broke off. */
  #partial: Message | undefined;
  /** An answer that came to its end, where a larger window or another filter might do better. */
  #spare: Attempt | undefined;
  /** By the budget. */
  #refused: ModelError | undefined;
  #stopped: ModelError | undefined;
  #wake: (() => void) | undefined;

  constructor(engine: Engine, request: ChatRequest, options: CallOptions | undefined, whole: boolean) {
    this.#engine = engine;
    this.#request = request;
    this.#options = options;
    this.#whole = whole;
    const now = engine.clock.now();
    const call = engine.number();
    const { deadlineAt = Number.POSITIVE_INFINITY, timeouts, signal } = options ?? {};
    this.#endAt = Math.min(deadlineAt, now + (timeouts?.totalMs ?? Number.POSITIVE_INFINITY));
    this.#plan = engine.plan(request, now, call - 1);
    this.#progress = new Progress(this.#plan, engine.settings, this.#endAt);
    this.#story = new Story(call, now, this.#plan, engine.strategy);
    engine.settings.budget.earn();
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves an attempt with its first content, or its whole answer. Rejects with `RouteError` where nobody answers. */
  async find(): Promise<Attempt> {
    for (;;) {
      const now = this.#engine.clock.now();
      const over = this.#whyOver(now);
      if (over) throw await this.#fail(over);
      const step = this.#progress.next(now);
      if (step.does === 'give-up') return this.#giveUp();
      if (step.does === 'wait') {
        await this.#wait(step, now);
        continue;
      }
      const attempt = this.#ask(step.member, step.why, step.admission, now);
      if (!attempt) continue;
      let settled = attempt;
      if (this.#engine.hedging) settled = await this.#hedge(attempt);
      else await attempt.settled;
      if (this.#stopped && !settled.error) continue;
      if (settled.error) {
        if (!this.#takeFailure(settled, settled.error)) return this.#giveUp();
      } else if (this.#isUnfit(settled)) this.#spare = settled;
      else {
        settled.member.health.answering(settled.admission);
        return settled;
      }
    }
  }

  /** An answer broke off after content was handed out. Resolves who goes on, by the policy for that. */
  async recover(broken: Attempt, error: ModelError): Promise<Attempt> {
    const { afterContent, settings } = this.#engine;
    const parts = this.continuation?.join(broken.received.parts) ?? broken.received.parts;
    const content = parts.flatMap((part) => part ?? []);
    this.#partial = createMessage({ role: 'assistant', content }, { now: this.#engine.clock.now });
    const goesOn = this.#takeFailure(broken, error) && mayGoElsewhere(error.kind, settings.failover);
    this.#first = error;
    const restarts = afterContent === 'restart' && this.#options?.accepts?.includes('restart');
    const continues = afterContent === 'continue' && Continuation.can(parts, broken.received.length);
    if (!goesOn || this.#stopped || !(restarts || continues)) throw await this.#fail(error);
    if (continues) {
      this.#progress.continueElsewhere(broken.member);
      this.continuation = new Continuation(parts);
    }
    const attempt = await this.find();
    if (restarts) this.#partial = undefined;
    return attempt;
  }

  /** Ends the search with an answer. Call it when `closing` is done. */
  finish(attempt: Attempt, response: ChatResponse): ChatResponse {
    const { member } = attempt;
    this.#conclude(attempt);
    this.#story.answeredBy = member.id;
    this.#engine.answered(this.#request, member);
    this.#end('success');
    const answer = this.continuation?.toResponse(response) ?? response;
    return { ...answer, notes: addRoute(response.notes, this.#story) };
  }

  /** The reader left: ends what runs. */
  async leave(): Promise<void> {
    const reason = stopped('The reader of the answer left.');
    this.#stopped ??= reason;
    this.#wake?.();
    for (const attempt of [...this.#running]) {
      await attempt.cancel('aborted', reason);
      this.#conclude(attempt);
    }
    await Promise.all(this.closing);
    this.#end('aborted');
  }

  readonly #onAbort = (): void => {
    this.#stopped ??= stopped('The call was aborted by its caller.', this.#options?.signal?.reason);
    this.#wake?.();
    for (const attempt of this.#running) attempt.stop(this.#stopped);
  };

  #whyOver(now: number): ModelError | undefined {
    if (this.#stopped) return this.#stopped;
    if (now < this.#endAt) return undefined;
    if (this.#options?.deadlineAt !== undefined && now >= this.#options.deadlineAt) return deadlinePassed();
    return new ModelError('The models did not answer in time (total of the call).', {
      kind: 'timeout',
      scope: 'model',
      retry: 'other',
    });
  }

  /** `undefined` where the budget does not allow it. */
  #ask(member: Member, why: string, admission: Attempt['admission'], now: number): Attempt | undefined {
    const engine = this.#engine;
    const { clock, emit } = engine;
    const { call } = this.#story;
    const reservation = engine.budget && this.#reserve(engine.budget, member);
    if (reservation === null) {
      member.health.released(admission);
      this.#progress.unaffordable(member);
      return undefined;
    }
    const number = ++this.#progress.attempts;
    const limits = limitsOf(engine, this.#options, this.#endAt, now);
    const attempt = new Attempt(member, number, why, admission, clock, limits, this.#whole, now);
    attempt.reservation = reservation;
    attempt.correct = engine.shaper?.take(member.id, this.#plan.needs.inputTokens);
    this.#story.attempts.push(attempt);
    this.#running.push(attempt);
    engine.statistics.begin(member.id);
    if (emit) {
      const { last } = this.#progress;
      if (last && last.id !== member.id)
        emit({ at: now, type: 'failover', call, from: last.id, to: member.id, kind: last.kind });
      emit({ at: now, type: 'attempt-started', call, attempt: number, id: member.id, why });
    }
    const request = this.continuation?.toRequest(this.#request, clock.now) ?? this.#request;
    // A whole answer is handed out at its end: a restart on the way harms nobody.
    const accepted = this.#whole ? accepts : undefined;
    attempt.start(request, new AttemptOptions(this.#options, limits.timeouts, accepted));
    return attempt;
  }

  /** `null` where that is not left. */
  #reserve(budget: Budget, { id, price, traits }: Member): Reservation | null {
    const { inputTokens, outputTokens } = this.#plan.needs;
    const most = traits.maxOutputTokens === 'unknown' ? usualOutputTokens : traits.maxOutputTokens;
    try {
      return budget.reserve({ price, inputTokens, maxOutputTokens: outputTokens || most });
    } catch (error) {
      if (!isBudgetError(error)) throw error;
      const { clock, emit } = this.#engine;
      const renewsInMs = error.renewsAt === null ? undefined : Math.max(0, error.renewsAt - clock.now());
      this.#refused ??= new ModelError(
        error.message,
        {
          kind: 'quota',
          scope: 'credential',
          retry: 'none',
          ...(renewsInMs !== undefined && { retryAfterMs: renewsInMs }),
        },
        error,
      );
      this.#story.refused.push({ id, reason: error.message });
      emit?.({ at: clock.now(), type: 'budget-refused', call: this.#story.call, id, reason: error.reason });
      return null;
    }
  }

  /** Asks a second model where the first content is late. The first that has content goes on, the other is given up. */
  async #hedge(attempt: Attempt): Promise<Attempt> {
    const { clock, emit, hedging, settings } = this.#engine;
    const afterMs = hedging?.afterMs(attempt.member);
    if (afterMs === undefined) return attempt.settled.then(() => attempt);
    let stopTimer = () => {};
    const late = new Promise<void>((resolve) => {
      stopTimer = clock.after(afterMs, resolve);
    });
    await Promise.race([attempt.begun(), late]);
    stopTimer();
    const now = clock.now();
    const begun = attempt.ended || attempt.firstContentMs >= 0 || this.#whyOver(now) !== undefined;
    const second = begun ? undefined : this.#progress.beside(attempt.member, now);
    if (!second || !hedging?.allows(second, this.#plan.needs) || !settings.budget.spend())
      return attempt.settled.then(() => attempt);

    const { call } = this.#story;
    emit?.({ at: now, type: 'hedge', call, slow: attempt.member.id, id: second.id });
    const why = `hedge: no content of ${attempt.member.id} after ${afterMs} ms`;
    const other = this.#ask(second, why, second.health.admit(now), now);
    if (!other) return attempt.settled.then(() => attempt);
    const sooner = await Promise.race([attempt.begun().then(() => attempt), other.begun().then(() => other)]);
    const later = sooner === attempt ? other : attempt;
    if (sooner.error && !this.#stopped && mayGoElsewhere(sooner.error.kind, settings.failover)) {
      this.#takeFailure(sooner, sooner.error);
      return later.settled.then(() => later);
    }
    const reason = this.#stopped ?? stopped('Another model answered first.');
    const closed = later.cancel(this.#stopped ? 'aborted' : 'cancelled', reason);
    this.closing.push(closed.then(() => this.#conclude(later)));
    return sooner.settled.then(() => sooner);
  }

  /** Writes a failure down everywhere. False where nobody else may be asked. */
  #takeFailure(attempt: Attempt, error: ModelError): boolean {
    const { clock, emit } = this.#engine;
    const { member } = attempt;
    const { call } = this.#story;
    this.#first ??= error;
    this.#conclude(attempt);
    if (attempt.fatal || this.#stopped || error.kind === 'aborted' || error.kind === 'deadline') {
      this.#stopped ??= error;
      if (error.kind === 'aborted' || error.kind === 'deadline') this.#first = error;
      return false;
    }
    const goesOn = this.#progress.failed(member, error, clock.now(), ({ type, afterMs }) =>
      emit?.({ at: clock.now(), type, call, id: member.id, kind: error.kind, afterMs }),
    );
    if (policy[error.kind].health === 'cooldown')
      member.health.coolDown(this.#progress.cooldownOf(member, error), error.kind);
    return goesOn;
  }

  #isUnfit(attempt: Attempt): boolean {
    const reason = attempt.response?.finishReason;
    const kind =
      reason === 'context-window'
        ? 'context-length'
        : reason === 'content-filter'
          ? 'content-filter'
          : undefined;
    if (kind === undefined || !this.#progress.unfit(attempt.member, kind)) return false;
    this.#conclude(attempt);
    return true;
  }

  async #giveUp(): Promise<Attempt> {
    const fatal = this.#story.attempts.at(-1)?.fatal;
    if (fatal) {
      this.#end('malformed');
      throw fatal;
    }
    if (this.#spare && !this.#stopped) return this.#spare;
    throw await this.#fail(this.#first ?? this.#refused ?? this.#nobody());
  }

  #nobody(): ModelError {
    const { order } = this.#plan;
    if (order.length === 0) return nobodyFits(this.#plan);
    const now = this.#engine.clock.now();
    const paused = order.map(({ id, health }) => `${id}: ${health.reason || 'rate'}`).join('; ');
    const soonest = Math.min(...order.map(({ health }) => health.availableAt(now)));
    return new ModelError(`Every model of the router is paused. ${paused}. Try again later.`, {
      kind: 'overloaded',
      scope: 'provider',
      retry: 'same',
      retryAfterMs: Math.max(0, soonest - now),
    });
  }

  /** What was given up is closed before the failure is told. */
  async #fail(error: ModelError): Promise<RouteError> {
    await Promise.all(this.closing);
    const partial = this.#partial ?? error.partial;
    this.#end(error.kind);
    return new RouteError(error, partial ? { partial } : {}, () => this.#story.route);
  }

  /** Of attempts that ended; the others are concluded by who ends them. */
  #conclude(attempt: Attempt): void {
    const place = this.#running.indexOf(attempt);
    if (place < 0) return;
    this.#running.splice(place, 1);
    const { clock, emit } = this.#engine;
    const { member, number, result, error } = attempt;
    const late = result === 'timeout' && clock.now() >= this.#endAt;
    conclude(this.#engine, attempt, late || result === 'aborted' || attempt.fatal !== undefined);
    if (!emit) return;
    const { call } = this.#story;
    const { id } = member;
    const at = clock.now();
    const ms = attempt.endedAt - attempt.startedAt;
    if (result === 'success') emit({ at, type: 'attempt-succeeded', call, attempt: number, id, ms });
    else if (result === 'cancelled') emit({ at, type: 'attempt-cancelled', call, attempt: number, id, ms });
    else
      emit({
        at,
        type: 'attempt-failed',
        call,
        attempt: number,
        id,
        ms,
        kind: result,
        ...(error?.status !== undefined && { status: error.status }),
        ...(error?.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      });
  }

  async #wait({ until, why, recovery }: Extract<Step, { does: 'wait' }>, now: number): Promise<void> {
    const { clock, emit, health } = this.#engine;
    emit?.({ at: now, type: 'wait', call: this.#story.call, ms: until - now, why });
    let over = () => {};
    let forget = () => {};
    await new Promise<void>((resolve) => {
      over = clock.after(until - now, resolve);
      if (recovery) forget = health.onRecovery(resolve);
      this.#wake = resolve;
    });
    over();
    forget();
    this.#wake = undefined;
    const ms = clock.now() - now;
    if (recovery) this.#progress.waitedMs += ms;
    this.#story.waits.push({ at: now, ms, why });
  }

  #end(outcome: 'success' | ErrorKind): void {
    if (this.#story.ended) return;
    const { clock, emit } = this.#engine;
    this.#options?.signal?.removeEventListener('abort', this.#onAbort);
    const { call, startedAt } = this.#story;
    const at = clock.now();
    this.#story.end(outcome, at);
    emit?.({ at, type: 'route-ended', call, outcome, ms: at - startedAt });
  }
}

// By its code: a router without a budget need not load the class.
function isBudgetError(error: unknown): error is BudgetError {
  return LociError.isInstance(error) && error.code === 'BUDGET';
}

function stopped(message: string, cause?: unknown): ModelError {
  return new ModelError(message, { kind: 'aborted', scope: 'request', retry: 'none' }, cause);
}
