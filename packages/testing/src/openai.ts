export type { ChangeEmbeddings, EmbeddingItem } from './loopback/embeddings.js';
export type { FaultOptions } from './loopback/start-loopback.js';
export type { ChatBody, OpenAIAnswer, WireFinishReason, WireMessage } from './openai/answer.js';
export { openAIEmbeddingScenarios } from './openai/embedding-scenarios.js';
export { type OpenAIFault, openAIFaults } from './openai/faults.js';
export { type JudgeOptions, judgeChatRequest } from './openai/judge/judge-chat-request.js';
export { encryptedBy } from './openai/responses/encrypted.js';
export { judgeResponsesRequest } from './openai/responses/judge-responses-request.js';
export { type OpenAIConnection, openAIScenarios } from './openai/scenarios.js';
export type { OpenAIServerOptions } from './openai/server-options.js';
export {
  type OpenAIServer,
  type RecordedRequest,
  startOpenAI,
} from './openai/start-openai.js';
export type { VendorError } from './openai/vendor-error.js';
