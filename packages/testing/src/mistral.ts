export type { ChangeEmbeddings, EmbeddingItem } from './loopback/embeddings.js';
export type { FaultOptions } from './loopback/start-loopback.js';
export type { MistralAnswer, MistralBody, MistralFinishReason, MistralMessage } from './mistral/answer.js';
export { mistralEmbeddingScenarios } from './mistral/embedding-scenarios.js';
export { type MistralFault, mistralFaults } from './mistral/faults.js';
export { judgeMistralRequest, type MistralJudgeOptions } from './mistral/judge/judge-mistral-request.js';
export type { MistralRefusal } from './mistral/refusal.js';
export { type MistralConnection, mistralScenarios } from './mistral/scenarios.js';
export type { MistralServerOptions } from './mistral/server-options.js';
export {
  type MistralServer,
  type RecordedMistralRequest,
  startMistral,
} from './mistral/start-mistral.js';
