export type { CreateContext } from './kit/create-context.js';
export type { DeclaredGaps, TestRunner } from './kit/suite.js';
export {
  type MemoryConformanceOptions,
  type MemoryContext,
  memoryCaseIds,
  memoryConformance,
} from './memory-kit/memory-conformance.js';
