export { type CompileOptions, compileConversation } from './conversation/compile.js';
export type { CompiledConversation } from './conversation/compiled.js';
export type { Dialect } from './conversation/dialect.js';
export type {
  Added,
  Dropped,
  Kept,
  LossReport,
  PartSource,
  Place,
  Rewritten,
} from './conversation/report.js';
export { resultText } from './conversation/result-text.js';
export { createWarnings, type Warnings } from './conversation/warnings.js';
export type { LossReason } from './conversation/why.js';
export { type NameRule, toWireNames } from './conversation/wire-names.js';
