export type { CreateContext } from './kit/create-context.js';
export type { DeclaredGaps, TestRunner } from './kit/suite.js';
export {
  type StoreConformanceOptions,
  storeCaseIds,
  storeConformance,
} from './store-kit/store-conformance.js';
export {
  runStoreWork,
  type SharedStore,
  type StoreProcessesOptions,
  type StoreWork,
  storeProcesses,
} from './store-kit/store-processes.js';
