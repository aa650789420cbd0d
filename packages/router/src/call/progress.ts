import type { ErrorKind, ModelError } from '@loci/core';
import type { Admission } from '../health/model-health.js';
import type { Member } from '../plan/member.js';
import type { Plan } from '../plan/plan.js';
import { type FailoverOptions, mayGoElsewhere, policy } from '../policy/policy.js';
import type { RetryBudget } from '../policy/retry-budget.js';

/** What a request does next. */
export type Step =
  | { readonly does: 'ask'; readonly member: Member; readonly why: string; readonly admission: Admission }
  | { readonly does: 'wait'; readonly until: number; readonly why: string; readonly recovery: boolean }
  | { readonly does: 'give-up' };

export interface ProgressSettings {
  readonly maxAttempts: number;
  readonly maxWaitMs: number;
  readonly pauseMs: number;
  readonly shortWaitMs: number;
  readonly cooldownMs: number;
  readonly failover: FailoverOptions;
  readonly budget: RetryBudget;
  readonly random: () => number;
}

export interface RetryNotice {
  readonly type: 'retry' | 'retry-refused';
  readonly afterMs: number;
}

interface Tried {
  /** Is not asked again for this request. */
  done: boolean;
  /** Was asked again once already. */
  again: boolean;
  limits: number;
}

const giveUp: Step = { does: 'give-up' };

/** How far one request has come: who was tried with what end, and so who is next. */
export class Progress {
  attempts = 0;
  /** Milliseconds, of waits for models to come back. */
  waitedMs = 0;
  readonly #plan: Plan;
  readonly #settings: ProgressSettings;
  readonly #endAt: number;
  #tried: Map<Member, Tried> | undefined;
  #again: { readonly member: Member; readonly at: number; readonly why: string } | undefined;
  #last: { readonly id: string; readonly kind: ErrorKind } | undefined;
  /** Tokens: only larger windows may be asked. */
  #largerThan = -1;
  #onlyPrefill = false;

  constructor(plan: Plan, settings: ProgressSettings, endAt: number) {
    this.#plan = plan;
    this.#settings = settings;
    this.#endAt = endAt;
  }

  next(now: number): Step {
    const { maxAttempts, maxWaitMs } = this.#settings;
    if (this.attempts >= maxAttempts) return giveUp;
    const again = this.#again;
    if (again) {
      if (again.at > now) return { does: 'wait', until: again.at, why: again.why, recovery: false };
      this.#again = undefined;
      if (this.#availableAt(again.member, now) <= now) return this.#ask(again.member, again.why, now);
    }
    let soonest: Member | undefined;
    let soonestAt = Number.POSITIVE_INFINITY;
    let untried: Member | undefined;
    let untriedAt = Number.POSITIVE_INFINITY;
    for (const member of this.#plan.order) {
      const tried = this.#tried?.get(member);
      if (tried?.done || !this.#fits(member)) continue;
      const at = this.#availableAt(member, now);
      if (at <= now) return this.#ask(member, this.#why(member), now);
      if (at < soonestAt) [soonest, soonestAt] = [member, at];
      if (!tried && at < untriedAt) [untried, untriedAt] = [member, at];
    }
    if (!soonest) return giveUp;
    if (soonestAt < this.#endAt && soonestAt - now <= maxWaitMs - this.waitedMs) {
      const why = `nobody is available; ${soonest.id} is the first to come back (${soonest.reason})`;
      return { does: 'wait', until: soonestAt, why, recovery: true };
    }
    // All are down and there is no time to wait: the one that would be back first is asked, within the retry budget.
    if (!untried || !this.#settings.budget.spend()) return giveUp;
    return {
      does: 'ask',
      member: untried,
      why: 'last resort: nobody is available in time',
      admission: 'usual',
    };
  }

  /** Who may be asked beside a slow model. */
  beside(slow: Member, now: number): Member | undefined {
    if (this.attempts >= this.#settings.maxAttempts) return undefined;
    return this.#plan.order.find(
      (member) =>
        member !== slow &&
        !this.#tried?.has(member) &&
        this.#fits(member) &&
        this.#availableAt(member, now) <= now,
    );
  }

  /** Takes in how an attempt failed. False where nobody else may be asked. */
  failed(member: Member, error: ModelError, now: number, notify: (notice: RetryNotice) => void): boolean {
    const { kind } = error;
    const rule = policy[kind];
    const tried = this.#triedOf(member);
    this.#last = { id: member.id, kind };
    if (kind === 'context-length') this.#largerThan = Math.max(this.#largerThan, member.window);
    if (!mayGoElsewhere(kind, this.#settings.failover)) return false;
    if (rule.again === 'short-wait') tried.limits++;
    else tried.done = true;
    const pauseMs = this.#pause(member, error, tried, now);
    if (pauseMs === undefined) return true;
    if (this.#settings.budget.spend()) {
      tried.again = true;
      tried.done = false;
      this.#again = { member, at: now + pauseMs, why: `once more after ${kind}` };
      notify({ type: 'retry', afterMs: pauseMs });
    } else notify({ type: 'retry-refused', afterMs: pauseMs });
    return true;
  }

  /** How long a model that was rate-limited is left alone, in milliseconds. */
  cooldownOf(member: Member, error: ModelError): number {
    const { cooldownMs, random } = this.#settings;
    const limits = this.#tried?.get(member)?.limits ?? 0;
    return error.retryAfterMs ?? cooldownMs * 2 ** limits * (0.5 + random() / 2);
  }

  /** From now on the beginning of the answer is given: only a model that goes on from there may be asked. */
  continueElsewhere(from: Member): void {
    this.#onlyPrefill = true;
    this.#again = undefined;
    this.#triedOf(from).done = true;
  }

  /** The budget does not allow it. */
  unaffordable(member: Member): void {
    this.#triedOf(member).done = true;
  }

  /** An answer that came whole is no use: whether and where to look for another one. */
  unfit(member: Member, kind: 'context-length' | 'content-filter'): boolean {
    if (!mayGoElsewhere(kind, this.#settings.failover)) return false;
    this.#triedOf(member).done = true;
    this.#last = { id: member.id, kind };
    if (kind === 'context-length') this.#largerThan = Math.max(this.#largerThan, member.window);
    return true;
  }

  get last(): { readonly id: string; readonly kind: ErrorKind } | undefined {
    return this.#last;
  }

  #ask(member: Member, why: string, now: number): Step {
    const admission = member.health.admit(now);
    return { does: 'ask', member, why: admission === 'probe' ? `${why}; probe` : why, admission };
  }

  #why(member: Member): string {
    if (this.#last) return `after ${this.#last.id}: ${this.#last.kind}`;
    const [first] = this.#plan.order;
    return member === first || !first
      ? 'first choice'
      : `first choice ${first.id} is paused (${first.reason})`;
  }

  #availableAt(member: Member, now: number): number {
    return member.availableAt(now, this.#plan.needs.inputTokens);
  }

  #fits(member: Member): boolean {
    if (this.#onlyPrefill && member.traits.features.prefill !== 'yes') return false;
    return this.#largerThan < 0 || member.window > this.#largerThan;
  }

  #triedOf(member: Member): Tried {
    this.#tried ??= new Map();
    const tried = this.#tried.get(member) ?? { done: false, again: false, limits: 0 };
    this.#tried.set(member, tried);
    return tried;
  }

  /** How long to wait before the same model is asked once more; `undefined` where it is not. */
  #pause(member: Member, error: ModelError, tried: Tried, now: number): number | undefined {
    const { pauseMs, shortWaitMs, random, maxAttempts } = this.#settings;
    const { again } = policy[error.kind];
    if (again === 'no' || tried.again || error.retry !== 'same' || this.attempts >= maxAttempts)
      return undefined;
    const asked = error.retryAfterMs;
    if (again === 'short-wait' && asked === undefined) return undefined;
    const ms = asked ?? random() * pauseMs;
    if (ms > Math.max(shortWaitMs, pauseMs) || now + ms >= this.#endAt) return undefined;
    // A breaker that has opened meanwhile has the last word.
    return again === 'once' && member.health.availableAt(now) > now ? undefined : ms;
  }
}
