export { type Clock, systemClock } from './clock.js';
export { ConflictError } from './errors/conflict-error.js';
export { DamagedRecordError } from './errors/damaged-record-error.js';
export { InvalidImportError } from './errors/invalid-import-error.js';
export { InvalidInputError } from './errors/invalid-input-error.js';
export { InvalidKeyError } from './errors/invalid-key-error.js';
export { LociError } from './errors/loci-error.js';
export { PendingError } from './errors/pending-error.js';
export { StoreClosedError } from './errors/store-closed-error.js';
export { StoreUnavailableError } from './errors/store-unavailable-error.js';
export { UnknownVersionError } from './errors/unknown-version-error.js';
export type { LociEvent, OnEvent } from './events.js';
export { canonicalJson, deepFreeze, toJsonText } from './json.js';
export type {
  Budget,
  Contribution,
  Memory,
  MemoryContext,
  PromptItem,
  Section,
  TurnCall,
} from './memory/memory.js';
export { createMessage, messageText } from './message/create-message.js';
export { type Group, groupMessages } from './message/groups.js';
export { hashMessages, hashText } from './message/hash.js';
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
export type { EmbeddingModel, EmbedOptions, EmbedResponse } from './model/embedding-model.js';
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
export { checkAppend, checkDelete, checkPut, checkRead, checkRewrite } from './store/check-options.js';
export { checkKey, checkPrefix, decodeKey, encodeKey, hasPrefix, showKey } from './store/key.js';
export { createMemoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export { scoped } from './store/scoped.js';
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
export type {
  CallRecord,
  CoreEntry,
  Coverage,
  Entry,
  EntryInput,
  EntryRef,
  PluginEntry,
  Shape,
  TurnState,
} from './thread/entry.js';
export { openThread, type ThreadOptions } from './thread/open-thread.js';
export { redactText } from './thread/redact-input.js';
export { stubData, stubMessage } from './thread/stub.js';
export type {
  EntriesOptions,
  Fold,
  OpenTurn,
  ShapeInForce,
  Thread,
  ThreadReader,
  View,
  ViewOptions,
} from './thread/thread.js';
export { exportThread, importThread } from './thread/transfer.js';
export type { TokenCounter } from './tokens/counter.js';
