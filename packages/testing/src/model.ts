export type { CreateContext } from './kit/create-context.js';
export type { DeclaredGaps, TestRunner } from './kit/suite.js';
export {
  type ModelConformanceOptions,
  modelCaseIds,
  modelConformance,
} from './model-kit/model-conformance.js';
export {
  type ModelContext,
  type ModelScenario,
  type ModelSubject,
  modelScenarios,
} from './model-kit/scenarios.js';
