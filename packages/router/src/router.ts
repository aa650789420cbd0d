import {
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  InvalidInputError,
  systemClock,
} from '@loci/core';
import type { Engine } from './call/engine.js';
import { createHedging } from './call/hedging.js';
import { RoutedStream } from './call/routed-stream.js';
import { Search } from './call/search.js';
import { checkOptions } from './check-options.js';
import type { RouterEvent } from './events.js';
import { createHealth } from './health/create-health.js';
import type { SharedHealth } from './health/health.js';
import type { RouterOptions } from './options.js';
import { listModels } from './plan/list-models.js';
import { Member } from './plan/member.js';
import { whyUnmet } from './plan/needs.js';
import { createPlanner } from './plan/plan.js';
import { sharedName, weakestTraits } from './plan/traits.js';
import { createWarmth } from './plan/warmth.js';
import { createRetryBudget } from './policy/retry-budget.js';
import { createStatistics } from './statistics/create-statistics.js';
import type { Statistics } from './statistics/statistics.js';
import { toStrategy } from './strategies/to-strategy.js';

/** Many models as one. */
export interface Router extends ChatModel {
  /** Ids of the models, in the order of the list. */
  readonly ids: readonly string[];
  readonly statistics: Statistics;
  readonly health: SharedHealth;
}

/**
 * A model that keeps answering: asks the best of several models, and another one where it fails. Does no I/O by itself.
 * `provider` and `modelId` are those of the models where they agree, else `router`; `response.model` names who answered,
 * and `notes.router` tells how it came to that. A failure is a `RouteError`, which is a `ModelError` with `route`.
 * Throws `InvalidInputError` for options that cannot be used.
 *
 * @example
 * const router = createRouter({ models: [openai('gpt-5.4-mini'), anthropic('claude-haiku-5-5')] });
 */
export function createRouter(options: RouterOptions): Router {
  checkOptions(options);
  const { clock = systemClock, random = Math.random, onEvent, retry = {} } = options;
  const emit = onEvent && quiet(onEvent);
  const listed = listModels(options);
  const health = createHealth(
    listed.map(({ id }) => id),
    options.breaker ?? {},
    clock,
    ({ id, breaker: to, until, reason }, from) =>
      emit?.({ at: clock.now(), type: 'health-changed', id, from, to, until, reason }),
  );
  const statistics = options.statistics ?? createStatistics({ clock });
  const { require = {} } = options;
  const unmet: { readonly id: string; readonly reason: string }[] = [];
  const members = listed.flatMap((one, position) => {
    const reason = whyUnmet(one.model.traits, require);
    if (reason !== undefined) unmet.push({ id: one.id, reason });
    const state = health.models[position];
    return reason !== undefined || !state ? [] : new Member(one, position, state, statistics, options);
  });
  if (members.length === 0)
    throw new InvalidInputError(
      'require',
      `is met by none of the models (${unmet.map(({ id, reason }) => `${id}: ${reason}`).join('; ')})`,
    );
  const warmth = createWarmth();
  const { optimizeFor = 'in-order' } = options;
  // The order of the list needs no ranking.
  const strategy = optimizeFor === 'in-order' ? undefined : toStrategy(optimizeFor);
  let calls = 0;
  const engine: Engine = {
    clock,
    members,
    health,
    statistics,
    settings: {
      maxAttempts: options.maxAttempts ?? 6,
      maxWaitMs: options.maxWaitMs ?? 30_000,
      pauseMs: retry.pauseMs ?? 500,
      shortWaitMs: retry.shortWaitMs ?? 5000,
      cooldownMs: retry.cooldownMs ?? 1000,
      failover: options.failover ?? {},
      budget: createRetryBudget(retry.budget ?? {}, clock),
      random,
    },
    strategy: strategy?.name ?? 'in-order',
    afterContent: options.afterContent ?? 'error',
    limits: {
      timeouts: { firstContentMs: 60_000, idleMs: 30_000, ...options.timeouts },
      deadlineAt: undefined,
      drip: toDrip(options.drip),
    },
    budget: options.budget,
    shaper: options.shaper,
    hedging: options.hedge && createHedging(options.hedge),
    emit,
    number: () => ++calls,
    plan: createPlanner({ members, unmet, strategy, random, warm: warmth.find }),
    answered: warmth.note,
  };
  const models = members.map(({ model }) => model);
  return Object.freeze({
    specVersion: 1 as const,
    provider: sharedName(models.map(({ provider }) => provider)),
    modelId: sharedName(models.map(({ modelId }) => modelId)),
    traits: weakestTraits(models),
    ids: Object.freeze(members.map(({ id }) => id)),
    statistics,
    health: health.shared,
    stream: (request: ChatRequest, call?: CallOptions) => new RoutedStream(engine, request, call),
    generate: (request: ChatRequest, call?: CallOptions) => generate(engine, request, call),
  });
}

async function generate(
  engine: Engine,
  request: ChatRequest,
  options: CallOptions | undefined,
): Promise<ChatResponse> {
  const search = new Search(engine, request, options, true);
  const attempt = await search.find();
  if (search.closing.length > 0) await Promise.all(search.closing);
  return search.finish(attempt, attempt.response as ChatResponse);
}

function toDrip(drip: RouterOptions['drip']) {
  if (drip === false) return undefined;
  const { minCharactersPerSecond = 1, windowMs = 30_000 } = drip ?? {};
  return { characters: (minCharactersPerSecond * windowMs) / 1000, windowMs };
}

/** A listener that cannot fail its caller. */
function quiet(listener: (event: RouterEvent) => void): (event: RouterEvent) => void {
  return (event) => {
    try {
      listener(event);
    } catch {
      // There is nobody left to tell: this is the channel on which failures are reported.
    }
  };
}
