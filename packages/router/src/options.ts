import type { CallTimeouts, ChatModel, Clock, Feature } from '@loci/core';
import type { Price, PriceSource } from '@loci/prices';
import type { Budget } from './budget/budget.js';
import type { Shaper } from './budget/shaper.js';
import type { RouterEvent } from './events.js';
import type { BreakerOptions } from './health/model-health.js';
import type { FailoverOptions } from './policy/policy.js';
import type { RetryBudgetOptions } from './policy/retry-budget.js';
import type { Statistics } from './statistics/statistics.js';
import type { Strategy } from './strategies/strategy.js';
import type { StrategyName } from './strategies/to-strategy.js';

/** Models by name; a function is called once, when the router is made. */
export interface ModelRegistry {
  readonly [name: string]: ChatModel | (() => ChatModel);
}

/** A model, its name in the registry, or either with more about it. */
export type ModelEntry =
  | ChatModel
  | string
  | {
      readonly model: ChatModel | string;
      /** Its name in routes, events and statistics. @default the name in the registry, else `provider/modelId` */
      readonly id?: string;
      /** Of the `weighted` strategy. @default 1 */
      readonly weight?: number;
      /** Wins over `prices`. */
      readonly price?: Price;
      /** Entries with equal names share a credential: where one is refused, none of them is asked. @default its own */
      readonly credential?: string;
    };

/** What a model must have to be asked at all. What it does not say of itself counts as missing. */
export interface Requirements {
  readonly features?: readonly Feature[];
  /** Tokens, at least. */
  readonly contextWindow?: number;
  /** Tokens, at least. */
  readonly maxOutputTokens?: number;
}

export interface RetryOptions {
  /** Longest pause before the same model is asked again after a failure of its own; drawn from 0 to this. @default 500 */
  readonly pauseMs?: number;
  /** A pause that a vendor asked for is waited out where it is this short; else another model is asked. @default 5000 */
  readonly shortWaitMs?: number;
  /** Pause of a model that was rate-limited and named none; doubled each time within one request. @default 1000 */
  readonly cooldownMs?: number;
  readonly budget?: RetryBudgetOptions;
}

/** Ends an answer that comes too slowly to be of use. */
export interface DripOptions {
  /** Characters per second over the window, at least. @default 1 */
  readonly minCharactersPerSecond?: number;
  /** @default 30000 */
  readonly windowMs?: number;
}

export interface HedgeOptions {
  /** How long to wait for the first content before a second model is asked, too; `p95`: as long as 95 % of its answers took. */
  readonly afterMs: number | 'p95';
  /** US dollars as a decimal: no second attempt that may cost more, or whose price is not known. @default no ceiling */
  readonly maxCost?: string;
}

export interface RouterOptions {
  /** Those among which the strategy chooses. At least one; ids are unique. */
  readonly models: readonly ModelEntry[];
  /** Asked only where none of `models` is left, in this order whatever the strategy. @default none */
  readonly fallbacks?: readonly ModelEntry[];
  /** Where names are looked up. */
  readonly registry?: ModelRegistry;
  /** How to choose, by name or as a strategy. @default 'in-order' */
  readonly optimizeFor?: StrategyName | Strategy;
  readonly require?: Requirements;
  /**
   * Of each attempt; those of a call win over them. `totalMs` of a call bounds the whole call, waits included.
   * @default firstContentMs 60000, idleMs 30000
   */
  readonly timeouts?: CallTimeouts;
  /** @default one character per second over 30 s */
  readonly drip?: DripOptions | false;
  readonly retry?: RetryOptions;
  /** Of one request, hedges included. @default 6 */
  readonly maxAttempts?: number;
  /** Longest wait of one request, in sum, for a model to come back where none is available. @default 30000 */
  readonly maxWaitMs?: number;
  readonly breaker?: BreakerOptions;
  /** @default off */
  readonly hedge?: HedgeOptions;
  /**
   * What follows where an answer breaks off after content was handed out: `error` with the partial; `restart` on another
   * model, where the call accepts it; `continue` on a model that takes the beginning of its answer. The latter two are
   * `error` where they are not possible.
   * @default 'error'
   */
  readonly afterContent?: 'error' | 'restart' | 'continue';
  readonly failover?: FailoverOptions;
  readonly prices?: PriceSource;
  /** Reserves what each attempt may cost; a model that would exceed it is not asked. @default none */
  readonly budget?: Budget;
  /** Spreads requests over time; a model whose rate is used up counts as paused until its rate allows. @default none */
  readonly shaper?: Shaper;
  /** @default its own */
  readonly statistics?: Statistics;
  /** Called as things happen. What it throws is ignored. */
  readonly onEvent?: (event: RouterEvent) => void;
  readonly clock?: Clock;
  /** 0 ≤ x < 1, for pauses and strategies. @default Math.random */
  readonly random?: () => number;
}
