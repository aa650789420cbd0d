import type { CallOptions, ChatRequest, Clock, ErrorKind } from '@loci/core';
import { costOf, type Money } from '@loci/prices';
import type { Budget } from '../budget/budget.js';
import type { Shaper } from '../budget/shaper.js';
import type { RouterEvent } from '../events.js';
import type { Health } from '../health/create-health.js';
import type { RouterOptions } from '../options.js';
import type { Member } from '../plan/member.js';
import type { Plan } from '../plan/plan.js';
import { policy } from '../policy/policy.js';
import type { Statistics } from '../statistics/statistics.js';
import type { Attempt } from './attempt.js';
import type { Hedging } from './hedging.js';
import type { ProgressSettings } from './progress.js';
import { usageOf } from './story.js';
import type { WatchLimits } from './watch.js';

/** What all calls of one router share. */
export interface Engine {
  readonly clock: Clock;
  readonly members: readonly Member[];
  readonly health: Health;
  readonly statistics: Statistics;
  readonly settings: ProgressSettings;
  readonly strategy: string;
  readonly afterContent: NonNullable<RouterOptions['afterContent']>;
  /** Of attempts whose call sets none. */
  readonly limits: WatchLimits;
  readonly hedging: Hedging | undefined;
  readonly budget: Budget | undefined;
  readonly shaper: Shaper | undefined;
  /** Absent where nobody listens. */
  readonly emit: ((event: RouterEvent) => void) | undefined;
  /** Counts the request; from 1. */
  number(): number;
  plan(request: ChatRequest, now: number, call: number): Plan;
  /** Called with the model that answered. */
  answered(request: ChatRequest, member: Member): void;
}

/** Writes down how an attempt ended: in its cost, the statistics and the health of its model. */
export function conclude(engine: Engine, attempt: Attempt, blameless: boolean): void {
  const { member, startedAt, endedAt, firstContentMs, result } = attempt;
  const usage = usageOf(attempt);
  attempt.cost = priceOf(usage, member);
  settle(engine, attempt, usage);
  engine.statistics.record({
    id: member.id,
    result,
    startedAt,
    durationMs: endedAt - startedAt,
    ...(firstContentMs >= 0 && { firstContentMs }),
    usage,
    cost: attempt.cost,
  });
  if (result === 'success') member.health.succeeded(attempt.admission, startedAt);
  else if (result === 'cancelled' || blameless) member.health.released(attempt.admission);
  else judge(engine, attempt, result);
}

/** Refusals, which no vendor bills where nothing came. */
const unbilled: ReadonlySet<string> = new Set(
  Object.entries(policy).flatMap(([kind, { health }]) =>
    health === 'unknown' || kind === 'timeout' || kind === 'truncated' || kind === 'malformed' ? [] : [kind],
  ),
);

function settle(engine: Engine, attempt: Attempt, usage: ReturnType<typeof usageOf>): void {
  const { reservation, correct, cost, member, response, firstContentMs, result } = attempt;
  if (cost === null && firstContentMs < 0 && unbilled.has(result)) reservation?.release();
  else reservation?.settle(cost);
  if (usage) correct?.(usage.input + usage.output);
  if (response) engine.shaper?.sync(member.id, response.notes);
}

function priceOf(usage: ReturnType<typeof usageOf>, member: Member): Money | null {
  return usage === null ? null : (costOf(usage, member.price)?.total ?? null);
}

function judge({ members, clock, emit }: Engine, { member, admission }: Attempt, kind: ErrorKind): void {
  const { health } = policy[kind];
  if (health === 'counts') member.health.failed(admission, kind);
  else if (health === 'unknown') member.health.released(admission);
  else if (health === 'quarantine-model' || health === 'quarantine-credential') {
    const { credential } = member;
    const shared = health === 'quarantine-credential' && credential !== undefined;
    for (const other of shared ? members.filter((one) => one.credential === credential) : [member]) {
      other.health.quarantine(kind);
      emit?.({ at: clock.now(), type: 'quarantine', id: other.id, kind, until: other.health.record.until });
    }
  } else if (admission === 'probe') {
    // It answered, if only to refuse: it is there.
    member.health.succeeded(admission, clock.now());
  }
}

/** The limits of one attempt: the caller's win over the router's. */
export function limitsOf(
  { limits }: Engine,
  options: CallOptions | undefined,
  endAt: number,
  now: number,
): WatchLimits {
  if (options?.timeouts === undefined && options?.deadlineAt === undefined) return limits;
  const { timeouts, deadlineAt } = options;
  // The caller's total is that of the whole call, of which this attempt gets what is left.
  const left = timeouts?.totalMs === undefined ? Number.POSITIVE_INFINITY : endAt - now;
  const totalMs = Math.min(limits.timeouts.totalMs ?? Number.POSITIVE_INFINITY, left);
  const bounded = totalMs < Number.POSITIVE_INFINITY ? { totalMs } : {};
  return { ...limits, deadlineAt, timeouts: { ...limits.timeouts, ...timeouts, ...bounded } };
}
