import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, randomId, type Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { findProgram, startPostgres, startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, describe, it, onTestFinished } from 'vitest';
import { dump } from './threads.js';

/** A store of one kind, empty for each test. */
interface Backend {
  readonly it: (title: string, body: () => Promise<void>) => void;
  readonly create: () => OpenedStore;
}

interface OpenedStore {
  readonly store: Store;
  /** Everything that is kept of it, in the form in which it is kept. Closes the store. */
  readonly everything: () => Promise<string>;
}

/** Runs the cases on every store; those whose server is not installed are skipped. */
export function onEveryStore(body: (backend: Backend) => void): void {
  describe('on the in-memory store', () => body({ it, create: inMemory }));
  describe('on SQLite', () => body({ it, create: sqlite }));
  describe('on Redis', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loci-forget-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const settings = ['--dir', folder, '--rdbcompression', 'no'];
    const redis = withServer({ it, beforeAll, afterAll }, 'redis-server', () => startRedis({ settings }));
    const create = () => {
      const { url, port } = redis.server();
      const store = createRedisStore({ url, prefix: randomId() });
      const everything = async () => {
        await store.close();
        await save(port);
        return readFileSync(join(folder, 'dump.rdb'), 'latin1');
      };
      return { store, everything };
    };
    body({ it: redis.it, create });
  });
  describe('on PostgreSQL', () => {
    const postgres = withServer({ it, beforeAll, afterAll }, 'postgres', startPostgres);
    const create = () => {
      const { url } = postgres.server();
      const store = createPostgresStore({ url, schema: `s${randomId()}` });
      const everything = async () => {
        await store.close();
        return execFileSync(findProgram('pg_dump') ?? 'pg_dump', ['--inserts', '--dbname', url], {
          encoding: 'utf8',
        });
      };
      return { store, everything };
    };
    body({ it: postgres.it, create });
  });
}

function inMemory(): OpenedStore {
  const store = createMemoryStore();
  return { store, everything: () => dump(store) };
}

function sqlite(): OpenedStore {
  const folder = mkdtempSync(join(tmpdir(), 'loci-forget-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = createSqliteStore({ path: join(folder, 'store.db') });
  const everything = async () => {
    await store.close();
    return globSync('*', { cwd: folder })
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('\n');
  };
  return { store, everything };
}

/** Makes Redis write all that it holds to its dump. */
async function save(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.once('data', (answer) => resolve(answer.toString()));
  socket.once('error', reject);
  socket.write('SAVE\r\n');
  const answer = await promise;
  socket.destroy();
  if (answer !== '+OK\r\n') throw new Error(`Redis answered ${answer}`);
}
