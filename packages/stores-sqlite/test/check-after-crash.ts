import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { LogEntry, Store } from '@loci/core';
import { expect } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { toArray } from './tools.js';

/** Opens the file that `children/crash.mjs` left behind and compares it with what was acknowledged. */
export async function checkAfterCrash(path: string, lines: readonly string[]): Promise<void> {
  const last = (word: string) => lastRound(lines, word);
  const store = createSqliteStore({ path });
  try {
    const entries = await toArray(store.logs.read(['log']));
    checkBatches(entries);
    expect(entries.length).toBeGreaterThanOrEqual((last('append') + 1) * 3);
    for (const entry of entries.slice(0, (last('rewrite') + 1) * 3)) {
      const redacted = !entry.id.endsWith('-2');
      expect(entry).toMatchObject(redacted ? { revision: 1, body: 'redacted' } : { revision: 0 });
    }
    const value = (await store.documents.get(['document']))?.value ?? -1;
    expect([last('put'), last('put') + 1]).toContain(value);
    expect(await toArray(store.logs.list(['dropped']))).toHaveLength(
      entries.length / 3 > last('delete') + 1 ? await leftOver(store, last('delete') + 1) : 0,
    );
    await checkRepeat(store, last('append') + 1);
    await checkBackups(path, last('backup'));
  } finally {
    await store.close();
  }
  checkIntegrity(path);
}

function lastRound(lines: readonly string[], word: string): number {
  const rounds = lines
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => Number(line.split(' ')[1]));
  expect(rounds).toEqual([...rounds].sort((a, b) => a - b));
  return rounds.at(-1) ?? -1;
}

/** Whole batches of three, in order, each entry once, without a gap. */
function checkBatches(entries: readonly LogEntry[]): void {
  expect(entries.length % 3).toBe(0);
  expect(entries.map((entry) => [entry.seq, entry.id])).toEqual(
    entries.map((_, index) => [index + 1, `b${Math.floor(index / 3)}-${index % 3}`]),
  );
}

/** The log that was being deleted is there whole or not at all. */
async function leftOver(store: Store, round: number): Promise<number> {
  const entries = await toArray(store.logs.read(['dropped', String(round)]));
  expect([0, 3]).toContain(entries.length);
  return entries.length / 3;
}

/** The append that was not acknowledged is applied once, whether it was stored or not. */
async function checkRepeat(store: Store, round: number): Promise<void> {
  const batch = [0, 1, 2].map((index) => ({ id: `b${round}-${index}`, body: { round, index } }));
  await store.logs.append(['log'], batch);
  const entries = await toArray(store.logs.read(['log']));
  checkBatches(entries);
  expect(entries).toHaveLength((round + 1) * 3);
}

/** Every copy that has its final name is a whole store. */
async function checkBackups(path: string, lastAcknowledged: number): Promise<void> {
  for (let round = 1; round < 20; round += 4) {
    const copy = `${path}.copy-${round}`;
    expect(existsSync(copy) || round > lastAcknowledged).toBe(true);
    if (!existsSync(copy)) continue;
    const store = createSqliteStore({ path: copy });
    const entries = await toArray(store.logs.read(['log']));
    await store.close();
    checkBatches(entries);
    expect(entries).toHaveLength((round + 1) * 3);
    checkIntegrity(copy);
  }
}

function checkIntegrity(path: string): void {
  const database = new DatabaseSync(path);
  expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
}
