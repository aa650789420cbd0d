import { type Clock, systemClock } from '../clock.js';
import { ConflictError } from '../errors/conflict-error.js';
import { InvalidImportError } from '../errors/invalid-import-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { hashText } from '../message/hash.js';
import { encodeKey } from '../store/key.js';
import type { IoOptions, Key, Store } from '../store/store.js';
import { BackupChangedError } from './backup-changed-error.js';
import type { EndLine, RecordName, UnreadableRecord } from './backup-format.js';
import { type BackupSource, type CheckedLine, readBackup } from './read-backup.js';
import { RecordsExistError } from './records-exist-error.js';
import { beginLog, type LogRestore } from './restore-log.js';

export interface RestoreOptions extends IoOptions {
  /**
   * What to do where the store already has a record of the backup. `refuse`: write nothing at all. `skip`: leave it,
   * but continue a log that is the beginning of the one in the backup, which is how an interrupted restore goes on.
   * `replace`: delete it and write the one of the backup.
   * @default 'refuse'
   */
  readonly onExisting?: 'refuse' | 'skip' | 'replace';
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface RestoreReport {
  /** Documents that were written. */
  readonly documents: number;
  /** Logs of which something was written. */
  readonly logs: number;
  /** Entries that were written. */
  readonly entries: number;
  /** Documents and logs that have expired since the backup and were left out. */
  readonly expired: number;
  /** Records that were left as they are, with `skip`. */
  readonly skipped: readonly RecordName[];
  /** What the backup itself had to leave out. */
  readonly unreadable: readonly UnreadableRecord[];
}

/**
 * Writes the records of a backup into a store that nobody else uses meanwhile. The backup is read twice.
 * INVARIANT: nothing is written before every line of it was checked, and with `refuse` nothing where any of its
 * records exists. Rejects with `InvalidImportError` (naming the line) or `RecordsExistError`.
 *
 * Where the store fails in between, what was written stays; the same call with `skip` or `replace` completes it.
 * Rejects with `ConflictError` where somebody else wrote one of the records meanwhile, and with `BackupChangedError`
 * where the second reading differs.
 *
 * Keys, values, entry ids, seqs and expiry are kept. Versions, epochs, revisions, operation ids and the times of
 * writing (`updatedAt`, `at`) are new.
 *
 * @example
 * await restoreStore(store, () => createReadStream('backup.jsonl', 'utf8'));
 */
export async function restoreStore(
  store: Store,
  source: BackupSource,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const { onExisting = 'refuse', clock = systemClock, signal } = options;
  if (!['refuse', 'skip', 'replace'].includes(onExisting))
    throw new InvalidInputError('options.onExisting', "is not 'refuse', 'skip' or 'replace'");
  const io = signal ? { signal } : {};
  const { end, id } = await checkBackup(store, source, onExisting === 'refuse', io);

  const count = { documents: 0, logs: 0, entries: 0, expired: 0 };
  const skipped: RecordName[] = [];
  let log: (LogRestore & { readonly key: Key; readonly expiresAt?: number }) | undefined;
  const finishLog = () => {
    if (!log) return;
    if (log.written > 0) count.logs++;
    else skipped.push({ kind: 'log', key: log.key });
    count.entries += log.written;
    log = undefined;
  };
  for await (const { content } of again(source, id, end, signal)) {
    if (content.type !== 'entries') finishLog();
    if (content.type === 'end') break;
    const ttl = lifeOf(content.type === 'entries' ? (log ?? {}) : content, clock);
    if (content.type === 'entries') {
      if (ttl) await log?.add(content, ttl);
      continue;
    }
    const { type: kind, key } = content;
    if (!ttl) {
      count.expired++;
      continue;
    }
    if (onExisting === 'replace')
      await (kind === 'log'
        ? store.logs.delete(key, io)
        : store.documents.delete(key, { expect: 'any', ...io }));
    if (kind === 'log') {
      const { expiresAt } = content;
      const begun = await beginLog(store, key, onExisting === 'skip', io);
      log = Object.assign(begun, { key }, expiresAt === undefined ? {} : { expiresAt });
      continue;
    }
    // The same for every repeat, so that a repeat after a lost answer changes nothing.
    const put = { expect: 'absent', operationId: `restore-${hashText(id)}`, ...ttl, ...io } as const;
    const written = await store.documents.put(key, content.value, put).catch((error: unknown) => {
      if (onExisting === 'skip' && ConflictError.isInstance(error)) return { replayed: true };
      throw error;
    });
    if (written.replayed) skipped.push({ kind, key });
    else count.documents++;
  }
  return { ...count, skipped, unreadable: end.unreadable };
}

/** Reads the whole backup without writing anything. */
async function checkBackup(
  store: Store,
  source: BackupSource,
  refuse: boolean,
  io: IoOptions,
): Promise<{ readonly end: EndLine; readonly id: string }> {
  let found: { readonly end: EndLine; readonly id: string } | undefined;
  let existing = 0;
  const records: RecordName[] = [];
  for await (const { content, id } of readBackup(source, io.signal)) {
    if (content.type === 'end') found = { end: content, id };
    else if (refuse && content.type !== 'entries') {
      const { type: kind, key } = content;
      if (!(await exists(kind === 'log' ? store.logs : store.documents, key, io))) continue;
      existing++;
      if (records.length < 10) records.push({ kind, key });
    }
  }
  if (!found) throw new InvalidImportError(1, 'the end of the backup is missing');
  if (existing > 0) throw new RecordsExistError(existing, records);
  return found;
}

/** The second reading. What differs from the first is not handed out. */
async function* again(
  source: BackupSource,
  id: string,
  end: EndLine,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckedLine, void, undefined> {
  try {
    for await (const line of readBackup(source, signal)) {
      const { type } = line.content;
      if (line.id !== id || (type === 'end' && line.content.checksum !== end.checksum))
        throw new InvalidImportError(line.number, 'it is another backup');
      yield line;
    }
  } catch (error) {
    throw InvalidImportError.isInstance(error) ? new BackupChangedError(error.line, error) : error;
  }
}

/** Found in the listing, so that a damaged record counts as well. */
async function exists(records: Store['logs' | 'documents'], key: Key, io: IoOptions): Promise<boolean> {
  for await (const found of records.list(key, { limit: 1, ...io }))
    return encodeKey(found.key) === encodeKey(key);
  return false;
}

/** What is left of a life at this moment; `undefined` where that is nothing. */
function lifeOf(
  { expiresAt }: { readonly expiresAt?: number },
  clock: Clock,
): { readonly ttlMs?: number } | undefined {
  if (expiresAt === undefined) return {};
  const ttlMs = expiresAt - clock.now();
  return ttlMs > 0 ? { ttlMs } : undefined;
}
