import type { ErrorKind, JsonValue } from '@loci/core';

/** One attempt at one model. Times are milliseconds. */
export type RouteAttempt = {
  readonly id: string;
  /** Why this model and why now, in words. */
  readonly why: string;
  /** `cancelled`: the loser of a hedge. */
  readonly result: 'success' | 'cancelled' | ErrorKind;
  /** From the start of the route. */
  readonly atMs: number;
  readonly ms: number;
  /** `null` where no content came. */
  readonly firstContentMs: number | null;
  /** `null` where the vendor did not say. */
  readonly usage: { readonly [count: string]: number } | null;
  /** US dollars as a decimal; `null` where usage or price is unknown. */
  readonly cost: string | null;
  readonly status?: number;
  readonly providerCode?: string;
};

/** How one request was answered, or why it was not: `notes.router` of an answer, `route` of a `RouteError`. JSON. */
export type Route = {
  /** Of the requests of this router, from 1. */
  readonly call: number;
  readonly strategy: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly ms: number;
  readonly outcome: 'success' | ErrorKind;
  /** Id of the model that answered. */
  readonly answeredBy: string | null;
  /** In the order in which they were to be asked. */
  readonly ranking: readonly { readonly id: string; readonly score: number | null; readonly why: string }[];
  readonly excluded: readonly { readonly id: string; readonly reason: string }[];
  readonly attempts: readonly RouteAttempt[];
  readonly waits: readonly { readonly atMs: number; readonly ms: number; readonly why: string }[];
  /** Of all attempts, as far as it is known; `null` where none of it is. */
  readonly cost: string | null;
};

/** The route of an answer; `undefined` where it has none. */
export function routeOf(answer: {
  readonly notes?: { readonly [wrapper: string]: JsonValue };
}): Route | undefined {
  return answer.notes?.['router'] as Route | undefined;
}
