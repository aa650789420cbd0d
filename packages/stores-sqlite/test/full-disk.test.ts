import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import { toArray } from './tools.js';

it('a file that cannot grow rejects with StoreUnavailableError, and loses nothing acknowledged', async ({
  skip,
}) => {
  skip(process.platform === 'win32', 'there is no limit of file sizes to set');
  const path = temporaryFile();
  const script = join(import.meta.dirname, 'children', 'full.mjs');
  // The limit counts blocks of 512 bytes; the ignored signal makes it an error instead of the end of the process.
  const shell = 'trap "" XFSZ; ulimit -f 2000; exec "$0" "$@"';
  const { stdout, status } = spawnSync('sh', ['-c', shell, process.execPath, script, path], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  const acknowledged = lines.filter((line) => line.startsWith('append ')).length;
  expect(acknowledged).toBeGreaterThan(10);
  expect(lines.slice(acknowledged)).toEqual([
    'failed STORE_UNAVAILABLE STORE_UNAVAILABLE ERR_SQLITE_ERROR',
    `head ${acknowledged * 2}`,
  ]);
  const store = createSqliteStore({ path });
  expect((await toArray(store.logs.read(['log']))).map((entry) => entry.seq)).toEqual(
    Array.from({ length: acknowledged * 2 }, (_, index) => index + 1),
  );
  const next = { id: `${acknowledged}-0`, body: 1 };
  expect(await store.logs.append(['log'], [next])).toMatchObject({ firstSeq: acknowledged * 2 + 1 });
  await store.close();
});
