export type { Delivered, OfflineEvent } from './events.js';
export { JournalInUseError } from './journal-in-use-error.js';
export type { MergeConflict, MergePath } from './merge/merge-json.js';
export { offline } from './offline.js';
export type { KeptConflict, OfflineStatus, OfflineStore, RefusedWrite } from './offline-store.js';
export type { OfflineOptions, Resolution } from './options.js';
