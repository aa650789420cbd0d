import type { LogEntry, Store } from '@loci/core';
import { expect } from 'vitest';
import { toArray } from './tools.js';

/** Compares what `children/crash.mjs` left behind with what was acknowledged. */
export async function checkAfterCrash(store: Store, lines: readonly string[]): Promise<void> {
  const last = (word: string) => lastRound(lines, word);
  const entries = await toArray(store.logs.read(['log']));
  checkBatches(entries);
  expect(entries.length).toBeGreaterThanOrEqual((last('append') + 1) * 3);
  for (const entry of entries.slice(0, (last('rewrite') + 1) * 3)) {
    const redacted = !entry.id.endsWith('-2');
    expect(entry).toMatchObject(redacted ? { revision: 1, body: 'redacted' } : { revision: 0 });
  }
  const value = (await store.documents.get(['document']))?.value ?? -1;
  expect([last('put'), last('put') + 1]).toContain(value);
  // The log that was being deleted is there whole or not at all; the server may still be at it.
  for (const { key } of await toArray(store.logs.list(['dropped']))) {
    expect(key).toEqual(['dropped', String(last('delete') + 1)]);
    expect([0, 3]).toContain((await toArray(store.logs.read(key))).length);
  }
  await checkRepeat(store, last('append') + 1);
}

function lastRound(lines: readonly string[], word: string): number {
  const rounds = lines
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => Number(line.split(' ')[1]));
  return rounds.at(-1) ?? -1;
}

/** Whole batches of three, in order, each entry once, without a gap. */
function checkBatches(entries: readonly LogEntry[]): void {
  expect(entries.map((entry) => [entry.seq, entry.id])).toEqual(
    entries.map((_, index) => [index + 1, `b${Math.floor(index / 3)}-${index % 3}`]),
  );
  expect(entries.length % 3).toBe(0);
}

/** What was not acknowledged is applied once when it is repeated, whether it was stored or not. */
async function checkRepeat(store: Store, round: number): Promise<void> {
  const batch = [0, 1, 2].map((index) => ({ id: `b${round}-${index}`, body: { round, index } }));
  await store.logs.append(['log'], batch);
  const entries = await toArray(store.logs.read(['log']));
  checkBatches(entries);
  expect(entries).toHaveLength((round + 1) * 3);
  const put = { expect: 'any', operationId: `op-${round}` } as const;
  const first = await store.documents.put(['document'], round, put);
  expect(await store.documents.put(['document'], round, put)).toEqual({ ...first, replayed: true });
}
