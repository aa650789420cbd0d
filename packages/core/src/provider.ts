export {
  type BegunCall,
  type CallFacts,
  type Connector,
  createCaller,
  type ProviderCall,
} from './provider/begin-call.js';
export {
  type AnswerContext,
  type AnswerParts,
  buildResponse,
  callCut,
  parseInput,
} from './provider/build-response.js';
export { carrySignal, withSignals } from './provider/carry-signal.js';
export { defineProvider, type ProviderDefinition } from './provider/define-provider.js';
export { type Endpoint, resolveEndpoint, type Vendor } from './provider/endpoint.js';
export {
  type Decision,
  decideByStatus,
  decisions,
  malformed,
  notAnAnswer,
  truncated,
  withRequestId,
} from './provider/failures.js';
export { parseRetryAfter, readHeader, toRateLimits } from './provider/headers.js';
export { isObject } from './provider/is-object.js';
export {
  type Failure,
  isAnswered,
  isConnectionLoss,
  type MapErrorOptions,
  mapFailure,
  readText,
} from './provider/map-failure.js';
export { orAborted } from './provider/or-aborted.js';
export { type Answer, type AnswerReader, type ReadOptions, readAnswer } from './provider/read-answer.js';
export {
  checkNotEmpty,
  supported,
  toCacheKey,
  toChoice,
  toDeclared,
  toMaximum,
  toTemperature,
  toVendorFields,
} from './provider/request-parts.js';
export { resolveKey } from './provider/resolve-key.js';
export { resolveTraits } from './provider/resolve-traits.js';
export { createScrub, type Scrub } from './provider/scrub.js';
export {
  checkSettings,
  defaultTimeouts,
  isFlag,
  isName,
  isOneOf,
  type ProviderSettings,
  type SettingRule,
  type TraitOverrides,
} from './provider/settings.js';
export { type Sent, type ToAnswerOptions, toAnswer } from './provider/to-answer.js';
