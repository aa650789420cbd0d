import type { ChatModel, ModelTraits, Origin } from '@loci/core';
import type { Price, PriceSource } from '@loci/prices';
import type { Shaper } from '../budget/shaper.js';
import type { ModelHealth } from '../health/model-health.js';
import type { ModelStatistics, Statistics } from '../statistics/statistics.js';
import type { Candidate } from '../strategies/strategy.js';

/** What is known of one entry of the list before the router is made. */
export interface Listed {
  readonly id: string;
  readonly model: ChatModel;
  readonly weight: number;
  readonly price: Price | undefined;
  readonly credential: string | undefined;
  readonly fallback: boolean;
}

/** One model of a router, made once. What changes is looked up when it is asked for. */
export class Member implements Candidate {
  readonly id: string;
  readonly model: ChatModel;
  readonly position: number;
  readonly weight: number;
  readonly fallback: boolean;
  readonly credential: string | undefined;
  readonly health: ModelHealth;
  readonly traits: ModelTraits;
  /** Of reasoning that was cut off. */
  readonly origin: Origin;
  readonly #price: Price | undefined;
  readonly #prices: PriceSource | undefined;
  readonly #statistics: Statistics;
  readonly #shaper: Shaper | undefined;

  constructor(
    listed: Listed,
    position: number,
    health: ModelHealth,
    statistics: Statistics,
    { prices, shaper }: { readonly prices?: PriceSource; readonly shaper?: Shaper },
  ) {
    this.id = listed.id;
    this.model = listed.model;
    this.traits = listed.model.traits;
    this.origin = { provider: listed.model.provider, model: listed.model.modelId };
    this.weight = listed.weight;
    this.fallback = listed.fallback;
    this.credential = listed.credential;
    this.position = position;
    this.health = health;
    this.#price = listed.price;
    this.#prices = prices;
    this.#statistics = statistics;
    this.#shaper = shaper;
  }

  get price(): Price | null {
    return this.#price ?? this.#prices?.priceOf(this.model.provider, this.model.modelId) ?? null;
  }

  get statistics(): ModelStatistics {
    return this.#statistics.of(this.id);
  }

  /** When it may be asked something of so many tokens, by its health and its rate; not after `now` where it may at once. */
  availableAt(now: number, tokens: number): number {
    const at = this.health.availableAt(now);
    return this.#shaper && at <= now ? this.#shaper.startAt(this.id, tokens) : at;
  }

  /** Why it is paused. */
  get reason(): string {
    return this.health.record.until > this.health.now() ? this.health.reason : 'rate';
  }

  /** Tokens; 0 where it is not known. */
  get window(): number {
    const { contextWindow } = this.traits;
    return contextWindow === 'unknown' ? 0 : contextWindow;
  }
}
