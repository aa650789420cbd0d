export type { CreateContext } from './kit/create-context.js';
export type { DeclaredGaps, TestRunner } from './kit/suite.js';
export type { ThreadMaker } from './thread-kit/thread-case.js';
export {
  type ThreadConformanceOptions,
  threadCaseIds,
  threadConformance,
} from './thread-kit/thread-conformance.js';
