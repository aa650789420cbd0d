export type { MapErrorOptions } from '@loci/core/provider';
export { anthropic } from './anthropic.js';
export type { AnswerContext } from './build-answer.js';
export { countTokens } from './count-tokens.js';
export { type FromMessagesOptions, fromAnthropicMessages } from './from-messages.js';
export { fromAnthropicResponse } from './from-response.js';
export { type FromStreamOptions, fromAnthropicStream } from './from-stream.js';
export { mapError } from './map-error.js';
export { mapStopReason } from './map-stop-reason.js';
export { mapUsage } from './map-usage.js';
export { type MessagesDialectOptions, messagesDialect } from './messages-dialect.js';
export type { AnthropicSettings } from './settings.js';
export {
  type MarkOptions,
  type ToMessagesOptions,
  toAnthropicMessages,
  type WireMessages,
} from './to-messages.js';
export { type ToRequestOptions, toAnthropicRequest, type WireRequest } from './to-request.js';
export { toAnthropicTools } from './to-tools.js';
