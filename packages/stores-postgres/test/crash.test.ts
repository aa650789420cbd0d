import { randomId } from '@loci/core';
import { describe, expect } from 'vitest';
import { steps } from '../src/steps.js';
import { checkAfterCrash } from './check-after-crash.js';
import { openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';

const seed = Number(process.env['LOCI_SEED'] ?? Date.now() % 100_000);
const postgres = sharedPostgres();

describe(`a process that is killed (LOCI_SEED=${seed})`, () => {
  for (const step of steps) {
    // In the first append, in the writes after it, and some time in the middle of the work.
    for (const nth of [2, 4, 7 + (seed % 60)]) {
      if (step === 'schema-creation' && nth > 7) continue;
      it(`at “${step}”, pass ${nth}, leaves every acknowledged write and no half one`, async () => {
        const options = { url: postgres().url, schema: randomId() };
        const child = startChild('crash.mjs', JSON.stringify(options), step, `${nth}`);
        const lines = await child.rest();
        expect((await child.ended).signal).toBe('SIGKILL');
        await checkAfterCrash(openStore(postgres(), options), lines);
      });
    }
  }
});

it('[G3] a server that is killed while it is written to loses nothing acknowledged, and nothing is half', async () => {
  const server = postgres();
  for (let round = 0; round < 3; round++) {
    const options = { url: server.url, schema: randomId() };
    const child = startChild('worker.mjs', JSON.stringify(options), 'crash', 'name', '0');
    expect(await child.line()).toBe('ready');
    child.tell('go');
    const lines: string[] = [];
    const enough = 5 + ((seed * 31 + round * 17) % 60);
    while (lines.length < enough) lines.push((await child.line()) ?? 'ended too early');
    await server.kill();
    lines.push(...(await child.rest()));
    expect(lines.at(-1)).toBe('STORE_UNAVAILABLE');
    await server.restart();
    await checkAfterCrash(openStore(server, options), lines);
  }
});
