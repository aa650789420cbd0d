import { checkPrefix, InvalidInputError, type IoOptions, type Key, type Store } from '@loci/core';
import { checkKeys, checkStore } from './check-options.js';
import type { Keys } from './keys.js';
import { rotateDocument } from './rotate-document.js';
import { rotateLog } from './rotate-log.js';
import { createTally } from './tally.js';

export interface RotateOptions extends IoOptions {
  /** The same as of `encrypted`. */
  readonly keys: Keys;
  /** Only records under it, by whole segments. @default [] (the whole store) */
  readonly prefix?: Key;
  /** Stops after so many documents and entries were encrypted anew, at the end of a page. @default no limit */
  readonly limit?: number;
  /** Called after every document and every page of a log. What it throws is ignored. */
  readonly onProgress?: (report: RotationReport) => void;
}

export interface UnrotatedRecord {
  readonly kind: 'document' | 'log';
  readonly key: Key;
  /** Of one entry; absent for a document and for a whole log. */
  readonly seq?: number;
  /**
   * Of the error: `KEY_MISSING`, `KEY_ERASED`, `DECRYPTION`, `DAMAGED_RECORD`, `UNKNOWN_VERSION`, `PENDING` for what is
   * only queued, or `CONFLICT` where others wrote to it again and again.
   */
  readonly code: string;
}

export interface RotationReport {
  /** Documents that were encrypted anew. */
  readonly documents: number;
  /** Log entries that were encrypted anew. */
  readonly entries: number;
  /** Documents and entries that had the current key already. */
  readonly current: number;
  /** What could not be encrypted anew, and is as it was. Where it is empty and `more` false, old keys can go. */
  readonly failed: readonly UnrotatedRecord[];
  /** True where `limit` was reached: call again. */
  readonly more: boolean;
}

/**
 * Encrypts everything anew that is not under the current key of its record. `store` is the store that `encrypted` was
 * given, not the one that it made. Others may go on reading and writing: documents are compared and set, entries are
 * rewritten at their revision, so no write is lost and nothing redacted comes back. Expiry stays; versions, revisions
 * and `updatedAt` change, as with every write.
 *
 * It can be ended at any time and called again: what is done is not done twice. Where the store cannot be used or the
 * signal is aborted it rejects; single records that cannot be read are reported in `failed` and left as they are.
 *
 * @example
 * const { failed } = await rotate(inner, { keys: keyRing({ current: 'k2', keys: { k1, k2 } }) });
 */
export async function rotate(store: Store, options: RotateOptions): Promise<RotationReport> {
  checkStore(store, 'store');
  const { prefix = [], limit = Number.POSITIVE_INFINITY, onProgress, signal } = options ?? {};
  const keys = checkKeys(options?.keys, 'options.keys');
  checkPrefix(prefix);
  if (!(limit > 0)) throw new InvalidInputError('options.limit', 'is not a number above 0');
  const io = signal ? { signal } : {};
  const tally = createTally(limit, onProgress);
  for await (const { key } of store.documents.list(prefix, io)) {
    if (tally.isFull()) return tally.report();
    await rotateDocument(store.documents, keys, key, io, tally);
    tally.tell();
  }
  for await (const { key } of store.logs.list(prefix, io)) {
    if (tally.isFull()) return tally.report();
    await rotateLog(store.logs, keys, key, io, tally);
  }
  return tally.report();
}
