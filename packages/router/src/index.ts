export type { RouterEvent } from './events.js';
export type { HealthRecord, SharedHealth } from './health/health.js';
export type { BreakerOptions } from './health/model-health.js';
export type {
  DripOptions,
  HedgeOptions,
  ModelEntry,
  ModelRegistry,
  Requirements,
  RetryOptions,
  RouterOptions,
} from './options.js';
export type { FailoverOptions } from './policy/policy.js';
export type { RetryBudgetOptions } from './policy/retry-budget.js';
export { type Route, type RouteAttempt, routeOf } from './route/route.js';
export { RouteError } from './route/route-error.js';
export { createRouter, type Router } from './router.js';
export { createStatistics, type StatisticsOptions } from './statistics/create-statistics.js';
export type {
  AttemptOutcome,
  Distribution,
  ModelStatistics,
  Statistics,
  StatisticsSnapshot,
  Tally,
} from './statistics/statistics.js';
export { random, weighted } from './strategies/by-chance.js';
export { type CostOptions, cost } from './strategies/cost.js';
export { inOrder, roundRobin } from './strategies/list-order.js';
export { type PerformanceOptions, performance } from './strategies/performance.js';
export { type ReliabilityOptions, reliability } from './strategies/reliability.js';
export type { Candidate, Ranked, Strategy, StrategyContext } from './strategies/strategy.js';
export type { StrategyName } from './strategies/to-strategy.js';
