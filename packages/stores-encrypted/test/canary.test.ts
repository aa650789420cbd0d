import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { createSqliteStore } from '@loci/stores-sqlite';
import { findProgram, startRedis } from '@loci/testing/servers';
import { expect, it, onTestFinished, vi } from 'vitest';
import { encrypted, rotate } from '../src/index.js';
import { canary, writeCanaries } from './canaries.js';
import { temporaryFile } from './temporary-file.js';
import { newRing, oldRing } from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

/** How often the canary, in any form in which text is stored, is in the files of a folder. */
function countIn(folder: string): number {
  const files = globSync('**/*', { cwd: folder }).map((name) => join(folder, name));
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file));
  const forms = [canary, ...[0, 1, 2].map((shift) => btoa(`${' '.repeat(shift)}${canary}`).slice(4, 12))];
  return texts.reduce(
    (sum, bytes) =>
      sum +
      forms.filter((form) => bytes.includes(form) || bytes.includes(Buffer.from(form, 'utf16le'))).length,
    0,
  );
}

it('[A8] nothing of a value is in the SQLite file or beside it, before and after a rotation', async () => {
  for (const [wrap, found] of [
    [(store: Store) => store, true],
    [(store: Store) => encrypted(store, { keys: oldRing() }), false],
  ] as const) {
    const path = temporaryFile();
    const inner = createSqliteStore({ path });
    await writeCanaries(wrap(inner));
    const files = () => countIn(join(path, '..')) > 0;
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(files()).toBe(found);
    if (!found) {
      await rotate(inner, { keys: newRing() });
      expect(files()).toBe(false);
    }
    await inner.close();
    expect(files()).toBe(found);
  }
});

const missing = findProgram('redis-server') === undefined;

it('[A8] nothing of a value is in the dump or the append-only file of Redis', { timeout: 30_000 }, async ({
  skip,
}) => {
  skip(missing, 'the program redis-server is not installed');
  for (const [wrap, found] of [
    [(store: Store) => store, true],
    [(store: Store) => encrypted(store, { keys: newRing() }), false],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'loci-canary-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const uncompressed = ['--rdbcompression', 'no'];
    const redis = await startRedis({ settings: ['--dir', folder, '--appendonly', 'yes', ...uncompressed] });
    onTestFinished(() => redis.remove());
    const inner = createRedisStore({ url: redis.url });
    await writeCanaries(wrap(inner));
    await save(redis.port);
    await inner.close();
    await redis.kill();
    const names = globSync('**/*', { cwd: folder });
    expect(names).toContain('dump.rdb');
    expect(names.some((name) => name.endsWith('.aof'))).toBe(true);
    expect(countIn(folder) > 0).toBe(found);
  }
});

/** Makes Redis write all that it holds to its dump. */
async function save(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write('SAVE\r\n');
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once('data', (answer) => resolve(answer.toString()));
  expect(await promise).toBe('+OK\r\n');
  socket.destroy();
}
