import type { Store } from '@loci/core';
import type { Case } from '../kit/suite.js';
import type { TestClock } from '../test-clock.js';

export interface StoreSubject {
  readonly store: Store;
  readonly clock: TestClock;
}

/** A case on a fresh store. */
export function storeCase(
  id: string,
  title: string,
  body: (store: Store, clock: TestClock) => Promise<void>,
): Case<StoreSubject> {
  return { id, title, run: ({ store, clock }) => body(store, clock) };
}

/** As `storeCase`, and no gap may be declared. */
export function alwaysCase(...given: Parameters<typeof storeCase>): Case<StoreSubject> {
  return { ...storeCase(...given), always: true };
}
