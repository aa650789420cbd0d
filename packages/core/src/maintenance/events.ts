import type { UnreadableRecord } from './backup-format.js';

/** What happened to one record. Events carry names and errors, never values. */
export type MaintenanceEvent =
  /** A backup goes on without it: see `UnreadableRecord`. */
  | ({ readonly type: 'record-damaged'; readonly error: unknown } & UnreadableRecord)
  | {
      readonly type: 'record-deleted';
      readonly kind: UnreadableRecord['kind'];
      readonly key: UnreadableRecord['key'];
    }
  /** It is old enough and could not be deleted; the others are. */
  | {
      readonly type: 'delete-failed';
      readonly kind: UnreadableRecord['kind'];
      readonly key: UnreadableRecord['key'];
      readonly error: unknown;
    };

/** Called as things happen. What it throws is ignored: watching the work must not be able to fail it. */
export type OnMaintenanceEvent = (event: MaintenanceEvent) => void;

/** A listener that cannot fail its caller. */
export function quietly(onEvent: OnMaintenanceEvent | undefined): OnMaintenanceEvent {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody left to tell: this is the channel on which failures are reported.
    }
  };
}
