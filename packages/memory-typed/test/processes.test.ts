import { createSqliteStore } from '@loci/stores-sqlite';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openMemory } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';

it('[A2] four processes with 250 updates each count to 1,000', { timeout: 30_000 }, async () => {
  const path = temporaryFile();
  const names = ['one', 'two', 'three', 'four'];
  const children = names.map((name) => startChild('increment.mjs', path, name, '250'));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.tell('go');
  let runs = 0;
  for (const child of children) {
    runs += Number(await child.line());
    expect((await child.ended).code).toBe(0);
  }
  const store = createSqliteStore({ path });
  const schema = z.object({ total: z.number(), by: z.record(z.string(), z.number()) });
  const memory = openMemory({ schema, initial: { total: 0, by: {} }, store, key: ['counter'] });
  expect(await memory.get()).toEqual({ total: 1000, by: { one: 250, two: 250, three: 250, four: 250 } });
  // They did meet: otherwise this proves nothing.
  expect(runs).toBeGreaterThan(1000);
  await store.close();
});
