import { randomId, type Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { type StartedProcess, startPostgres, startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';

/** A store that several processes share. */
export interface Backend {
  readonly it: (title: string, body: () => Promise<void>) => void;
  /** An empty store, for this test and its children. */
  readonly create: () => SharedStore;
}

interface SharedStore {
  /** What `children/open-store.mjs` opens. */
  readonly spec: string;
  readonly store: Store;
  /** Runs a task of `children/worker.mjs` once for each name, at the same time. Resolves what each has said. */
  readonly run: (task: string, names: readonly string[], count: number) => Promise<readonly WorkResult[]>;
  /** A worker that is ready. */
  readonly start: (task: string, name: string, count: number) => Promise<StartedProcess>;
}

type WorkResult = { readonly [name: string]: unknown } & { readonly ms: number };

type Body = (backend: Backend) => void;

export function onSqlite(body: Body): void {
  const create = () => share('sqlite', { path: temporaryFile() }, createSqliteStore);
  describe('on SQLite', () => body({ it: (title, run) => void it(title, { timeout: 30_000 }, run), create }));
}

/** Skipped where the server is not installed, as below. */
export function onRedis(body: Body): void {
  describe('on Redis', () => {
    const redis = withServer({ it, beforeAll, afterAll }, 'redis-server', () => startRedis());
    const create = () => share('redis', { url: redis.server().url, prefix: randomId() }, createRedisStore);
    body({ it: redis.it, create });
  });
}

export function onPostgres(body: Body): void {
  describe('on PostgreSQL', () => {
    const settings = { synchronous_commit: 'off' };
    const postgres = withServer({ it, beforeAll, afterAll }, 'postgres', () => startPostgres({ settings }));
    const create = () =>
      share('postgres', { url: postgres.server().url, schema: `s${randomId()}` }, createPostgresStore);
    body({ it: postgres.it, create });
  });
}

function share<Options>(kind: string, options: Options, open: (options: Options) => Store): SharedStore {
  const spec = JSON.stringify({ kind, ...options });
  const store = open(options);
  onTestFinished(async () => void (await store.close()));
  const start = async (task: string, name: string, count: number) => {
    const child = startChild('worker.mjs', spec, task, name, `${count}`);
    expect(await child.line()).toBe('ready');
    return child;
  };
  return {
    spec,
    store,
    start,
    async run(task, names, count) {
      const children = await Promise.all(names.map((name) => start(task, name, count)));
      for (const child of children) child.tell('go');
      const results = await Promise.all(children.map((child) => child.line()));
      for (const child of children) expect((await child.ended).code).toBe(0);
      return results.map((line) => JSON.parse(line ?? '') as WorkResult);
    },
  };
}
