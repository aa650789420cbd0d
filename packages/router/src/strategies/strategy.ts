import type { ChatModel, ChatRequest } from '@loci/core';
import type { Price } from '@loci/prices';
import type { ModelStatistics } from '../statistics/statistics.js';

/** A model that may answer this request: it has what is required and is healthy. */
export interface Candidate {
  readonly id: string;
  readonly model: ChatModel;
  /** Its place in the list that the router was made with, from 0. */
  readonly position: number;
  /** Of the `weighted` strategy. @default 1 */
  readonly weight: number;
  /** `null` where it is not known. */
  readonly price: Price | null;
  readonly statistics: ModelStatistics;
}

export interface StrategyContext {
  readonly request: ChatRequest;
  /** Estimated tokens. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many requests the router planned before this one. */
  readonly sequence: number;
  /** Id of the candidate that probably still holds this conversation in its prompt cache. */
  readonly warm: string | undefined;
  /** From the router's seeded source, 0 ≤ x < 1. */
  random(): number;
}

export interface Ranked {
  readonly id: string;
  /** Lower is better; in the strategy's own unit. */
  readonly score: number;
  /** In words, for the explanation. */
  readonly why: string;
  /** It is not to be tried, and `why` says the reason. */
  readonly leftOut?: true;
}

/** Puts the candidates of one request into an order, best first. Pure: all it knows is its arguments. What is not in the order is not tried. */
export interface Strategy {
  readonly name: string;
  rank(candidates: readonly Candidate[], context: StrategyContext): readonly Ranked[];
}
