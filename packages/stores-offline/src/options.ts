import {
  type Clock,
  InvalidInputError,
  type JsonValue,
  type Key,
  randomId,
  type Store,
  systemClock,
} from '@loci/core';
import type { OfflineEvent } from './events.js';
import type { MergeConflict } from './merge/merge-json.js';

/** What stands at the place of a conflict. `kept`: theirs, and ours is kept for `conflicts()`. */
export type Resolution = 'kept' | 'theirs' | 'ours' | { readonly value: JsonValue };

export interface OfflineOptions {
  /**
   * Holds the queue and the local copy: a durable store on this machine, for this process alone. Give
   * `scoped(store, […])` where it holds other things, too.
   */
  readonly journal: Store;
  /**
   * Every call answers within it; the server is given four fifths of it, the journal the rest.
   * @default 1_500
   */
  readonly deadlineMs?: number;
  /** The pause before the server is asked again, doubled each time. @default 250 */
  readonly probeDelayMs?: number;
  /** The longest pause. @default 10_000 */
  readonly maxProbeDelayMs?: number;
  /** With so many writes queued, further ones are refused with `StoreUnavailableError`. @default 10_000 */
  readonly maxQueued?: number;
  /** How long another process waits for the journal after this one was killed. @default 3_000 */
  readonly leaseMs?: number;
  /**
   * What a reading answers while the server is away and the key was never seen here: that there is nothing, or
   * `StoreUnavailableError`. @default 'absent'
   */
  readonly unknown?: 'absent' | 'refuse';
  /** Called for each place that both sides changed. What it throws refuses the write. @default 'kept' everywhere */
  readonly onConflict?: (conflict: MergeConflict & { readonly key: Key }) => Resolution | Promise<Resolution>;
  /**
   * Merges whole values, in the place of the merge by path; `undefined` deletes. Not called where the write carries
   * `rebase`, nor where the record was deleted. What it throws refuses the write.
   */
  readonly merge?: (
    sides: Omit<MergeConflict, 'path'> & { readonly key: Key },
  ) => JsonValue | undefined | Promise<JsonValue | undefined>;
  /** Told about what happens inside. What it throws is ignored. */
  readonly onEvent?: (event: OfflineEvent) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Must never answer the same twice, in no process. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

/** The options, checked, with every default filled in. */
export interface Settings extends Required<Omit<OfflineOptions, 'onConflict' | 'merge'>> {
  readonly onConflict: OfflineOptions['onConflict'];
  readonly merge: OfflineOptions['merge'];
  /** The server's share of the deadline. */
  readonly serverMs: number;
}

/** Throws `InvalidInputError` for the first option that cannot be used. Does no I/O. */
export function checkOptions(store: Store, options: OfflineOptions): Settings {
  want(isStore(store), 'store', 'is not a store');
  want(typeof options === 'object' && options !== null, 'options', 'is not an object');
  const { journal, unknown = 'absent', onConflict, merge, onEvent } = options;
  const clock = options.clock ?? systemClock;
  const makeId = options.randomId ?? randomId;
  want(isStore(journal), 'options.journal', 'is not a store');
  want(journal !== store, 'options.journal', 'is the store itself, which is not there when it is needed');
  want(unknown === 'absent' || unknown === 'refuse', 'options.unknown', 'is neither "absent" nor "refuse"');
  for (const [name, hook] of Object.entries({ onConflict, merge, onEvent }))
    want(hook === undefined || typeof hook === 'function', `options.${name}`, 'is not a function');
  const isClock = typeof clock?.now === 'function' && typeof clock.after === 'function';
  want(isClock, 'options.clock', 'has no functions `now` and `after`');
  want(typeof makeId === 'function', 'options.randomId', 'is not a function');
  const maxQueued = options.maxQueued ?? 10_000;
  want(
    Number.isSafeInteger(maxQueued) && maxQueued >= 1,
    'options.maxQueued',
    'is not a whole number from 1',
  );
  const deadlineMs = positive(options, 'deadlineMs', 1500);
  return Object.freeze<Settings>({
    journal,
    deadlineMs,
    serverMs: deadlineMs * 0.8,
    probeDelayMs: positive(options, 'probeDelayMs', 250),
    maxProbeDelayMs: positive(options, 'maxProbeDelayMs', 10_000),
    leaseMs: positive(options, 'leaseMs', 3000),
    maxQueued,
    unknown,
    onConflict,
    merge,
    onEvent: quiet(onEvent),
    clock,
    randomId: makeId,
  });
}

type Duration = 'deadlineMs' | 'probeDelayMs' | 'maxProbeDelayMs' | 'leaseMs';

function positive(options: OfflineOptions, name: Duration, otherwise: number): number {
  const value = options[name] ?? otherwise;
  want(Number.isFinite(value) && value > 0, `options.${name}`, 'is not a finite number above 0');
  return value;
}

function isStore(store: Store | undefined): boolean {
  return typeof store?.documents?.put === 'function' && typeof store.logs?.append === 'function';
}

function want(ok: boolean, path: string, reason: string): void {
  if (!ok) throw new InvalidInputError(path, reason);
}

function quiet(onEvent: OfflineOptions['onEvent']): (event: OfflineEvent) => void {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody left to tell: this is the channel on which failures are reported.
    }
  };
}
