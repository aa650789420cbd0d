import { type Clock, systemClock } from '../clock.js';
import { randomId as secureId } from '../random-id.js';
import { checkPrefix } from '../store/key.js';
import type { IoOptions, Key, Listed, Store } from '../store/store.js';
import {
  addToChecksum,
  type BackupEntry,
  type BackupLine,
  format,
  type HeaderLine,
  type UnreadableRecord,
} from './backup-format.js';
import { type OnMaintenanceEvent, quietly } from './events.js';
import { isRecordFailure } from './record-failure.js';

export interface BackupOptions extends IoOptions {
  /** Only records under it, by whole segments. @default [] (the whole store) */
  readonly prefix?: Key;
  /** Told of every record that is left out. */
  readonly onEvent?: OnMaintenanceEvent;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Makes the id of the backup. @default randomId of `@loci/core` */
  readonly randomId?: () => string;
}

const pageEntries = 100;
const pageCharacters = 250_000;

/**
 * All documents and logs as JSON Lines: a header, the records, and a last line with counts and a checksum by which a
 * cut-off or damaged file is recognised. Write the pieces to a file, one after the other.
 *
 * Records that cannot be read (damaged, or of an erased key) are left out and named in the last line and to `onEvent`.
 * Each document and each entry is as it was at some moment while the backup ran; a log ends where it ended when the
 * backup came to it. Where the store cannot be used or the signal is aborted, the iteration throws.
 *
 * @example
 * for await (const line of backupStore(store)) file.write(line);
 */
export async function* backupStore(
  store: Store,
  options: BackupOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { prefix = [], clock = systemClock, randomId = secureId, onEvent, signal } = options;
  checkPrefix(prefix);
  const io = signal ? { signal } : {};
  const tell = quietly(onEvent);
  const unreadable: UnreadableRecord[] = [];
  const count = { documents: 0, logs: 0, entries: 0 };
  let checksum = '';
  const line = (content: HeaderLine | BackupLine) => {
    const text = JSON.stringify(content);
    checksum = addToChecksum(checksum, text);
    return `${text}\n`;
  };
  const leaveOut = (record: Omit<UnreadableRecord, 'code'>, error: unknown) => {
    if (!isRecordFailure(error)) throw error;
    const left = { ...record, code: error.code };
    unreadable.push(left);
    tell({ type: 'record-damaged', ...left, error });
  };

  yield line({ format, version: 1, id: randomId(), createdAt: clock.now(), prefix: [...prefix] });
  for await (const { key } of store.documents.list(prefix, io)) {
    try {
      const found = await store.documents.get(key, io);
      if (!found) continue;
      count.documents++;
      yield line({ type: 'document', key, ...expiryOf(found), value: found.value });
    } catch (error) {
      leaveOut({ kind: 'document', key }, error);
    }
  }
  for await (const { key, ...listed } of store.logs.list(prefix, io)) {
    const pages = pagesOf(store, key, io, leaveOut);
    let page = await pages.next();
    if (page.done) continue;
    count.logs++;
    yield line({ type: 'log', key, ...expiryOf(listed) });
    for (let from = 1; !page.done; page = await pages.next()) {
      yield line({ type: 'entries', from, entries: page.value });
      from += page.value.length;
      count.entries += page.value.length;
    }
  }
  yield `${JSON.stringify({ type: 'end', ...count, unreadable, checksum } satisfies BackupLine)}\n`;
}

/** The entries of a log in order, with marks in the places of those that cannot be read. */
async function* pagesOf(
  store: Store,
  key: Key,
  io: IoOptions,
  leaveOut: (record: Omit<UnreadableRecord, 'code'>, error: unknown) => void,
): AsyncGenerator<readonly BackupEntry[], void, undefined> {
  let page: BackupEntry[] = [];
  let characters = 0;
  let next = 1;
  try {
    const to = (await store.logs.head(key, io))?.seq ?? 0;
    while (next <= to) {
      try {
        for await (const { seq, id, body } of store.logs.read(key, { ...io, from: next, to })) {
          page.push({ id, body });
          next = seq + 1;
          characters += JSON.stringify(body).length;
          if (page.length < pageEntries && characters < pageCharacters) continue;
          yield page;
          page = [];
          characters = 0;
        }
        // The log was deleted meanwhile, or is as long as it was.
        break;
      } catch (error) {
        // Only an error that names the entry says that the one behind it may be whole.
        if (!isRecordFailure(error) || !('seq' in error) || error.seq !== next) throw error;
        leaveOut({ kind: 'log', key, seq: next }, error);
        page.push({ lost: error.code });
        next++;
      }
    }
  } catch (error) {
    leaveOut({ kind: 'log', key }, error);
  }
  if (page.length > 0) yield page;
}

function expiryOf({ expiresAt }: Pick<Listed, 'expiresAt'>): { expiresAt?: number } {
  return expiresAt === undefined ? {} : { expiresAt: Math.ceil(expiresAt) };
}
