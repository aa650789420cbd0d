import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startChild } from './start-child.js';

const intervalMs = 300;
/** For one write and one read of the store on a busy machine. */
const storeMs = 700;
const redis = withServer({ it, beforeAll, afterAll }, 'redis-server', startRedis);

/** A process with a router of its own on the shared store. */
async function startRouter(place: string) {
  const child = startChild('router.mjs', place, String(intervalMs));
  expect(await child.line()).toBe('ready');
  const tell = async (command: string) => {
    child.tell(command);
    return (await child.line()) ?? '';
  };
  return { tell, kill: child.kill, ended: child.ended };
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loci-router-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'router.db');
}

async function breakerIsSeen(place: string, withinMs: number): Promise<void> {
  const [one, two] = await Promise.all([startRouter(place), startRouter(place)]);
  expect(await two.tell('ask')).toBe('primary');
  const seen = two.tell('opened');
  await one.tell('fail');
  expect(await one.tell('ask')).toBe('backup');
  expect(await one.tell('ask')).toBe('backup');
  const openedAt = Number(await one.tell('opened'));
  expect(Number(await seen) - openedAt).toBeLessThan(withinMs);
  // Its own primary is well, but the other has learnt that the vendor is down.
  expect(await two.tell('ask')).toBe('backup');
  await Promise.all([one.tell('close'), two.tell('close')]);
}

/** One process counts and closes, one counts and is killed; the next knows of both. */
async function countsAreKept(place: string): Promise<void> {
  const first = await startRouter(place);
  for (let index = 0; index < 3; index++) await first.tell('ask');
  await first.tell('close');
  const second = await startRouter(place);
  expect(await second.tell('count')).toBe('primary 3');
  await second.tell('ask');
  await new Promise((resolve) => setTimeout(resolve, intervalMs + storeMs));
  second.kill();
  await second.ended;
  const third = await startRouter(place);
  expect(await third.tell('count')).toBe('primary 4');
  await third.tell('close');
}

/** Of processes that closed, one document each is left, or less where one has taken over another's. */
async function expectDocuments(store: Store, most: number): Promise<void> {
  let left = 0;
  for await (const { key } of store.documents.list(['router'])) left += key.length - 1;
  await store.close();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(most);
}

it('a breaker that opens in one process is seen by another over SQLite within an interval', {
  timeout: 30_000,
}, async () => {
  const path = temporaryFile();
  await breakerIsSeen(path, intervalMs + storeMs);
  await expectDocuments(createSqliteStore({ path }), 2);
});

redis.it(
  'a breaker that opens in one process is seen by another over Redis, sooner for its feed',
  async () => {
    const { url } = redis.server();
    await breakerIsSeen(url, intervalMs / 4 + storeMs);
    await expectDocuments(createRedisStore({ url }), 2);
  },
);

it('[F4] statistics outlive the process, also one that was killed', { timeout: 30_000 }, async () => {
  const path = temporaryFile();
  await countsAreKept(path);
  await expectDocuments(createSqliteStore({ path }), 2);
});
