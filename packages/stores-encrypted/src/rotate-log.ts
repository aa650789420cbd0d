import type { IoOptions, Key, LogAppend, LogEntry, LogStore } from '@loci/core';
import { type Cipher, createCipher } from './cipher.js';
import type { Keys } from './keys.js';
import type { Tally } from './tally.js';

const pageEntries = 100;
const attempts = 20;

/** Encrypts the entries of one log anew that do not have the current key, a page at a time. */
export async function rotateLog(
  logs: LogStore,
  keys: Keys,
  key: Key,
  io: IoOptions,
  tally: Tally,
): Promise<void> {
  for (let from = 1; !tally.isFull(); ) {
    const page: LogEntry[] = [];
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const entry of logs.read(key, { ...io, from, limit: pageEntries })) page.push(entry);
    } catch (error) {
      failure = { error };
    }
    await rotatePage(logs, createCipher(keys, key, io), key, page, io, tally);
    from = (page.at(-1)?.seq ?? from - 1) + 1;
    if (failure) {
      // Only an error that names the entry says that the one behind it may be whole.
      const isEntry = namesSeq(failure.error, from);
      tally.failWith('log', key, failure.error, isEntry ? from : undefined);
      if (!isEntry) return;
      from++;
    }
    tally.tell();
    if (page.length < pageEntries && !failure) return;
  }
}

async function rotatePage(
  logs: LogStore,
  cipher: Cipher,
  key: Key,
  page: readonly LogEntry[],
  io: IoOptions,
  tally: Tally,
): Promise<void> {
  let waiting = page;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const sealed: (LogAppend & { readonly revision: number; readonly seq: number })[] = [];
    for (const entry of waiting) {
      try {
        if (entry.pending) tally.fail({ kind: 'log', key, seq: entry.seq, code: 'PENDING' });
        else if (await cipher.isCurrent({ key, entry }, entry.body)) tally.count('current');
        else {
          const text = JSON.stringify(await cipher.open({ key, entry }, entry.body));
          sealed.push({ ...entry, body: await cipher.seal({ key, entry }, text) });
        }
      } catch (error) {
        tally.failWith('log', key, error, entry.seq);
      }
    }
    const [first, last] = [sealed[0]?.seq, sealed.at(-1)?.seq];
    if (first === undefined || last === undefined) return;
    const items = sealed.map(({ id, revision, body }) => ({ id, revision, body }));
    const written = new Set(await logs.rewrite(key, items, io));
    tally.count('entries', written.size);
    const left = new Set(items.map(({ id }) => id).filter((id) => !written.has(id)));
    if (left.size === 0) return;
    if (attempt === attempts) {
      for (const { id, seq } of sealed)
        if (left.has(id)) tally.fail({ kind: 'log', key, seq, code: 'CONFLICT' });
      return;
    }
    // Somebody rewrote them meanwhile: what is there now counts, never what was read before.
    const again: LogEntry[] = [];
    for await (const entry of logs.read(key, { ...io, from: first, to: last }))
      if (left.has(entry.id)) again.push(entry);
    waiting = again;
  }
}

function namesSeq(error: unknown, seq: number): boolean {
  return typeof error === 'object' && error !== null && 'seq' in error && error.seq === seq;
}
