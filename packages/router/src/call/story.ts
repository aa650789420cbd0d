import type { ErrorKind, Usage } from '@loci/core';
import { formatUsd } from '@loci/prices';
import type { Plan } from '../plan/plan.js';
import type { Route, RouteAttempt } from '../route/route.js';
import type { Attempt } from './attempt.js';

/** What happened in one request, kept small; the route is made of it when somebody looks. */
export class Story {
  readonly call: number;
  readonly startedAt: number;
  readonly attempts: Attempt[] = [];
  /** By the budget. */
  readonly refused: { readonly id: string; readonly reason: string }[] = [];
  readonly waits: { readonly at: number; readonly ms: number; readonly why: string }[] = [];
  #outcome: 'success' | ErrorKind = 'success';
  answeredBy: string | null = null;
  ended = false;
  #endedAt: number;
  #route: Route | undefined;
  readonly #plan: Plan;
  readonly #strategy: string;

  constructor(call: number, startedAt: number, plan: Plan, strategy: string) {
    this.call = call;
    this.startedAt = startedAt;
    this.#endedAt = startedAt;
    this.#plan = plan;
    this.#strategy = strategy;
  }

  end(outcome: 'success' | ErrorKind, at: number): void {
    this.ended = true;
    this.#outcome = outcome;
    this.#endedAt = at;
  }

  /** Made once. */
  get route(): Route {
    this.#route ??= this.#toRoute();
    return this.#route;
  }

  #toRoute(): Route {
    const scores = new Map(this.#plan.ranking.map((ranked) => [ranked.id, ranked]));
    const known = this.attempts.flatMap(({ cost }) => (cost === null ? [] : [cost]));
    return {
      call: this.call,
      strategy: this.#strategy,
      startedAt: this.startedAt,
      ms: this.#endedAt - this.startedAt,
      outcome: this.#outcome,
      answeredBy: this.answeredBy,
      ranking: this.#plan.order.map(({ id, fallback }) => ({
        id,
        score: scores.get(id)?.score ?? null,
        why: scores.get(id)?.why ?? (fallback ? 'fallback' : 'order of the list'),
      })),
      excluded: [...this.#plan.excluded, ...this.refused],
      attempts: this.attempts.map((attempt) => toAttempt(attempt, this.startedAt)),
      waits: this.waits.map(({ at, ms, why }) => ({ atMs: at - this.startedAt, ms, why })),
      cost: known.length === 0 ? null : formatUsd(known.reduce((sum, cost) => sum + cost)),
    };
  }
}

/** What the vendor said that an attempt took, failed ones included. */
export function usageOf({ response, error }: Attempt): Usage | null {
  return response?.usage ?? error?.usage ?? null;
}

function toAttempt(attempt: Attempt, from: number): RouteAttempt {
  const { member, why, result, startedAt, endedAt, firstContentMs, cost, error } = attempt;
  const usage = usageOf(attempt);
  return {
    id: member.id,
    why,
    result,
    atMs: startedAt - from,
    ms: endedAt - startedAt,
    firstContentMs: firstContentMs < 0 ? null : firstContentMs,
    usage: usage && { ...usage },
    cost: cost === null ? null : formatUsd(cost),
    ...(error?.status !== undefined && { status: error.status }),
    ...(error?.providerCode !== undefined && { providerCode: error.providerCode }),
  };
}
