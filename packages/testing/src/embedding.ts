export {
  type EmbeddingConformanceOptions,
  embeddingCaseIds,
  embeddingConformance,
} from './embedding-kit/embedding-conformance.js';
export {
  type EmbeddingContext,
  type EmbeddingScenario,
  type EmbeddingSubject,
  embeddingScenarios,
} from './embedding-kit/scenarios.js';
export type { CreateContext } from './kit/create-context.js';
export type { DeclaredGaps, TestRunner } from './kit/suite.js';
