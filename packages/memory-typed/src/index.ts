export type {
  Attributes,
  Conversation,
  ConversationMemory,
  ConversationOptions,
  ConversationRecord,
  HistoryOptions,
} from './conversation/conversation.js';
export {
  type DeleteInactiveConversationsOptions,
  type DeleteInactiveConversationsReport,
  deleteInactiveConversations,
} from './conversation/delete-inactive-conversations.js';
export { newConversationId } from './conversation/new-conversation-id.js';
export { openConversation } from './conversation/open-conversation.js';
export { DataTooLargeError } from './errors/data-too-large-error.js';
export { type DataIssue, InvalidDataError } from './errors/invalid-data-error.js';
export { MigrationError } from './errors/migration-error.js';
export { RebaseError } from './errors/rebase-error.js';
export type { MemoryEvent } from './memory/events.js';
export type { MemoryOptions } from './memory/memory-options.js';
export type { MigrationStep, Migrations } from './memory/migrations.js';
export { openMemory } from './memory/open-memory.js';
export type { MemoryRecord } from './memory/record.js';
export type { GrowthSample, MemoryStatistics } from './memory/statistics.js';
export type {
  ChangeHook,
  ExportOptions,
  MemoryChange,
  TypedMemory,
  UpdateOptions,
  WatchOptions,
} from './memory/typed-memory.js';
export { openSessions } from './sessions/open-sessions.js';
export type {
  DeleteInactiveSessionsOptions,
  DeleteInactiveSessionsReport,
  ListSessionsOptions,
  Session,
  SessionListing,
  Sessions,
  SessionsOptions,
} from './sessions/sessions.js';
export type { Redact } from './value/redact-value.js';
export {
  type Draft,
  type Recipe,
  type RecipeResult,
  type Replacement,
  replaceWith,
  type Snapshot,
} from './value/snapshot.js';
export type { SchemaIssue, SchemaResult, StandardSchema } from './value/standard-schema.js';
export type { PatchOperation } from './value/to-patch.js';
