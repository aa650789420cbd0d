export { type Clock, systemClock } from './clock.js';
export { ConflictError } from './errors/conflict-error.js';
export { ContextOverflowError } from './errors/context-overflow-error.js';
export { DamagedRecordError } from './errors/damaged-record-error.js';
export { DivergedError } from './errors/diverged-error.js';
export { InvalidImportError } from './errors/invalid-import-error.js';
export { InvalidInputError } from './errors/invalid-input-error.js';
export { InvalidKeyError } from './errors/invalid-key-error.js';
export { LociError } from './errors/loci-error.js';
export { PendingError } from './errors/pending-error.js';
export { StoreClosedError } from './errors/store-closed-error.js';
export { StoreUnavailableError } from './errors/store-unavailable-error.js';
export { TurnNotSavedError } from './errors/turn-not-saved-error.js';
export { TurnTakenError } from './errors/turn-taken-error.js';
export { UnknownVersionError } from './errors/unknown-version-error.js';
export { canonicalJson, toJsonText } from './json.js';
export { createMessage, messageText } from './message/create-message.js';
export { type Group, groupMessages } from './message/groups.js';
export type {
  JsonValue,
  MediaPart,
  Message,
  MessageInput,
  Origin,
  Part,
  ReasoningPart,
  Role,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from './message/message.js';
export { type CallGuard, guardCall } from './model/call-guard.js';
export { collectStream } from './model/collect-stream.js';
export { defineModel, type ModelDefinition } from './model/define-model.js';
export type {
  CallOptions,
  CallTimeouts,
  ChatEvent,
  ChatModel,
  ChatRequest,
  ChatResponse,
  ErrorKind,
  Feature,
  FinishReason,
  ModelErrorData,
  ModelTraits,
  ToolSpec,
  Usage,
  Warning,
} from './model/model.js';
export { ModelError } from './model/model-error.js';
export { randomId } from './random-id.js';
export { checkKey, checkPrefix, decodeKey, encodeKey, hasPrefix, showKey } from './store/key.js';
export type {
  AppendOptions,
  AppendReceipt,
  Change,
  ChangeFeed,
  CloseReport,
  DocumentStore,
  Expect,
  IoOptions,
  Key,
  Listed,
  ListOptions,
  LogAppend,
  LogEntry,
  LogHead,
  LogStore,
  PutOptions,
  PutReceipt,
  ReadOptions,
  SearchIndex,
  SearchItem,
  SearchQuery,
  Store,
  StoredDocument,
  StoreSupport,
  Version,
} from './store/store.js';
export type { TokenCounter } from './tokens/counter.js';
