export type {
  AnthropicAnswer,
  AnthropicStopReason,
  MessagesBody,
  WireBlock,
  WireMessage,
} from './anthropic/answer.js';
export { type AnthropicFault, anthropicFaults } from './anthropic/faults.js';
export { judgeMessagesRequest, type MessagesJudgeOptions } from './anthropic/judge/judge-messages-request.js';
export { type AnthropicConnection, anthropicScenarios } from './anthropic/scenarios.js';
export type { AnthropicServerOptions } from './anthropic/server-options.js';
export { sealThinking, signThinking } from './anthropic/sign.js';
export {
  type AnthropicServer,
  type RecordedMessagesRequest,
  startAnthropic,
} from './anthropic/start-anthropic.js';
export type { AnthropicError, AnthropicErrorType } from './anthropic/vendor-error.js';
export type { FaultOptions } from './loopback/start-loopback.js';
