export { sumUsage } from './model/sum-usage.js';
export { type GeneratedOutput, generateOutput, type OutputOptions } from './output/generate-output.js';
export {
  type OutputAttempt,
  OutputError,
  type OutputFailure,
  type OutputIssue,
} from './output/output-error.js';
export type { OutputResult, OutputSchema } from './output/output-schema.js';
