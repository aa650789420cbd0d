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
export { printRoute } from './route/print-route.js';
export { type Route, type RouteAttempt, routeOf } from './route/route.js';
export { RouteError } from './route/route-error.js';
export { createRouter, type Router } from './router.js';
