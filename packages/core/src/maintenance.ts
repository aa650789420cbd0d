export { BackupChangedError } from './maintenance/backup-changed-error.js';
export type { RecordName, UnreadableRecord } from './maintenance/backup-format.js';
export { type BackupOptions, backupStore } from './maintenance/backup-store.js';
export {
  type DeleteInactiveOptions,
  type DeleteInactiveReport,
  deleteInactive,
} from './maintenance/delete-inactive.js';
export type { MaintenanceEvent, OnMaintenanceEvent } from './maintenance/events.js';
export type { BackupSource } from './maintenance/read-backup.js';
export { RecordsExistError } from './maintenance/records-exist-error.js';
export { type RestoreOptions, type RestoreReport, restoreStore } from './maintenance/restore-store.js';
