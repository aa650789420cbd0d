export { DataTooLargeError } from './errors/data-too-large-error.js';
export { type DataIssue, InvalidDataError } from './errors/invalid-data-error.js';
export type { MemoryEvent } from './events.js';
export type { MemoryOptions } from './memory-options.js';
export { openMemory } from './open-memory.js';
export type { MemoryRecord } from './record.js';
export {
  type Draft,
  type Recipe,
  type RecipeResult,
  type Replacement,
  replaceWith,
  type Snapshot,
} from './snapshot.js';
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.js';
export type { PatchOperation } from './to-patch.js';
export type { ChangeHook, MemoryChange, TypedMemory } from './typed-memory.js';
