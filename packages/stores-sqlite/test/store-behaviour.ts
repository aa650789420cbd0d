import type { Store } from '@loci/core';
import { createTestClock, type TestClock } from '@loci/testing';
import { describe, it } from 'vitest';
import { boundaryCases } from './behaviour/boundary-cases.js';
import { documentCases } from './behaviour/document-cases.js';
import { expiryCases } from './behaviour/expiry-cases.js';
import { feedCases } from './behaviour/feed-cases.js';
import { logCases } from './behaviour/log-cases.js';
import { readCases } from './behaviour/read-cases.js';

/** Runs the body of a case on a store of its own, and closes the store. */
export type StoreCase = (name: string, body: (store: Store, clock: TestClock) => Promise<void>) => void;

/** Every sentence of the Store contract as a case, for any store on which time can be injected. */
export function storeBehaviour(name: string, create: (clock: TestClock) => Promise<Store>): void {
  const storeCase: StoreCase = (title, body) =>
    it(title, async () => {
      const clock = createTestClock();
      const store = await create(clock);
      try {
        await body(store, clock);
      } finally {
        await store.close();
      }
    });
  describe(name, () => {
    describe('documents', () => documentCases(storeCase));
    describe('logs', () => logCases(storeCase));
    describe('reading a log', () => readCases(storeCase));
    describe('expiry', () => expiryCases(storeCase));
    describe('boundaries', () => boundaryCases(storeCase));
    describe('feed', () => feedCases(storeCase));
  });
}
