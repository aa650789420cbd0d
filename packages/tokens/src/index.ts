export {
  type CalibratedCounter,
  type CalibratedOptions,
  type CalibrationState,
  calibrated,
} from './calibrated.js';
export { CounterNotLoadedError } from './counter-not-loaded-error.js';
export type { Encoding } from './encodings.js';
export { learning } from './learning.js';
export { type TiktokenCounterOptions, tiktokenCounter } from './tiktoken-counter.js';
