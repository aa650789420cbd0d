import { brokenDocuments } from './document-mutations.js';
import { brokenEdges } from './edge-mutations.js';
import { brokenLogs } from './log-mutations.js';
import type { Mutation } from './mutation.js';

/** For every case of the store kit a store that it must fail: one thing is wrong with each. */
export const brokenStores: Readonly<Record<string, Mutation>> = {
  ...brokenEdges,
  ...brokenDocuments,
  ...brokenLogs,
};
