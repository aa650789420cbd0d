import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomId, type Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { playSharedThread } from '@loci/testing/compaction';
import { createRandom } from '@loci/testing/conversations';
import { startPostgres, startProcess, startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const title =
  '[D9] four processes append, two compact and one clears: a compaction that is killed at any point leaves the old view or the new one, and nothing is lost';
const worker = new URL('./children/worker.mjs', import.meta.url);

/** Each named point once, and as often at any moment. */
const rounds = 8;

async function play(store: Store, spec: object): Promise<void> {
  onTestFinished(async () => void (await store.close()));
  const outcome = await playSharedThread({
    random: createRandom(7),
    rounds,
    store,
    start: (...args) => {
      const child = startProcess(worker, [JSON.stringify(spec), ...args.filter((arg) => arg !== undefined)]);
      onTestFinished(() => child.kill());
      return child;
    },
  });
  expect(outcome.faults).toEqual([]);
  // They did meet: otherwise this proves nothing.
  expect(outcome.overlays).toBeGreaterThan(2);
  expect(outcome.turns).toBeGreaterThan(20);
}

describe('processes on one thread', () => {
  it(`${title} (SQLite)`, { timeout: 30_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loci-compaction-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const options = { path: join(folder, 'store.db') };
    await play(createSqliteStore(options), { kind: 'sqlite', ...options });
  });

  const redis = withServer({ it, beforeAll, afterAll }, 'redis-server', () => startRedis());
  redis.it(`${title} (Redis)`, async () => {
    const options = { url: redis.server().url, prefix: randomId() };
    await play(createRedisStore(options), { kind: 'redis', ...options });
  });

  const postgres = withServer({ it, beforeAll, afterAll }, 'postgres', () => startPostgres());
  postgres.it(`${title} (PostgreSQL)`, async () => {
    const options = { url: postgres.server().url, schema: `s${randomId()}` };
    await play(createPostgresStore(options), { kind: 'postgres', ...options });
  });
});
