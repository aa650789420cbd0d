import { execFileSync } from 'node:child_process';
import { type Clock, randomId, type Store } from '@loci/core';
import { createPostgresStore } from '@loci/stores-postgres';
import { findProgram, startPostgres, withServer } from '@loci/testing/servers';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { afterAll, beforeAll, describe, expect, it as test } from 'vitest';
import { encrypted } from '../src/index.js';
import { canary, writeCanaries } from './canaries.js';
import { newRing } from './tools.js';

const { it, server } = withServer({ it: test, beforeAll, afterAll }, 'postgres', startPostgres);
const plugin = {
  name: 'encrypted(PostgreSQL)',
  create({ clock }: { readonly clock: Clock }) {
    // The clock of the kit runs far ahead of the server, which must not look like silence.
    const options = { url: server().url, schema: randomId(), clock, commandTimeoutMs: 1e9 };
    return encrypted(createPostgresStore(options), { keys: newRing() });
  },
};

storeConformance({ describe, it }, plugin);
threadConformance({ describe, it }, plugin);

it('[A8] nothing of a value is in any column of PostgreSQL', async () => {
  const program = findProgram('pg_dump') ?? 'pg_dump';
  for (const [wrap, found] of [
    [(store: Store) => store, true],
    [(store: Store) => encrypted(store, { keys: newRing() }), false],
  ] as const) {
    const schema = randomId();
    const inner = createPostgresStore({ url: server().url, schema });
    await writeCanaries(wrap(inner));
    await inner.close();
    const options = ['--inserts', '--schema', `"${schema}"`, '--dbname', server().url];
    const dump = execFileSync(program, options, { encoding: 'utf8' });
    expect(dump).toContain('INSERT INTO');
    expect(dump.includes(canary)).toBe(found);
  }
});
