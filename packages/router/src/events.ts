import type { ErrorKind } from '@loci/core';
import type { HealthRecord } from './health/health.js';

/** What the router does and why. Events carry ids and counts, never prompts or answers. `at` is epoch milliseconds. */
export type RouterEvent = { readonly at: number } & (
  | {
      readonly type: 'attempt-started';
      /** Of the requests of this router, from 1. */
      readonly call: number;
      /** Of this request, from 1. */
      readonly attempt: number;
      readonly id: string;
      readonly why: string;
    }
  | {
      readonly type: 'attempt-succeeded' | 'attempt-cancelled';
      readonly call: number;
      readonly attempt: number;
      readonly id: string;
      readonly ms: number;
    }
  | {
      readonly type: 'attempt-failed';
      readonly call: number;
      readonly attempt: number;
      readonly id: string;
      readonly ms: number;
      readonly kind: ErrorKind;
      readonly status?: number;
      readonly retryAfterMs?: number;
    }
  /** `retry-refused`: the retry budget of all requests is used up, and the model is not asked again. */
  | {
      readonly type: 'retry' | 'retry-refused';
      readonly call: number;
      readonly id: string;
      readonly afterMs: number;
      readonly kind: ErrorKind;
    }
  | {
      readonly type: 'failover';
      readonly call: number;
      readonly from: string;
      readonly to: string;
      readonly kind: ErrorKind;
    }
  | { readonly type: 'wait'; readonly call: number; readonly ms: number; readonly why: string }
  /** The budget does not allow to ask this model. */
  | {
      readonly type: 'budget-refused';
      readonly call: number;
      readonly id: string;
      readonly reason: 'limit' | 'unknown-price';
    }
  | { readonly type: 'hedge'; readonly call: number; readonly slow: string; readonly id: string }
  | {
      readonly type: 'health-changed';
      readonly id: string;
      readonly from: HealthRecord['breaker'];
      readonly to: HealthRecord['breaker'];
      readonly until: number;
      readonly reason: string;
    }
  /** A key, a plan or a model's name was refused: somebody has to act. */
  | {
      readonly type: 'quarantine';
      readonly id: string;
      readonly kind: ErrorKind;
      readonly until: number;
    }
  | {
      readonly type: 'route-ended';
      readonly call: number;
      readonly outcome: 'success' | ErrorKind;
      readonly ms: number;
    }
);
