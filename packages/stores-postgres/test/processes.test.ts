import { randomId } from '@loci/core';
import { expect } from 'vitest';
import { openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { keysOf, toArray } from './tools.js';

// Nothing here outlives the server.
const postgres = sharedPostgres({ fsync: 'off' });
const four = ['one', 'two', 'three', 'four'];

/** Starts processes, waits until all are ready, lets them go at once, and waits for their end. */
async function runAll(names: readonly string[], schema: string, task: string): Promise<void> {
  const options = JSON.stringify({ url: postgres().url, schema });
  const children = names.map((name) => startChild('worker.mjs', options, task, name, '250'));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.tell('go');
  for (const child of children) {
    expect((await child.rest()).at(-1)).toBe('done');
    expect((await child.ended).code).toBe(0);
  }
}

it('[G1] [G3] four processes appending to one log lose nothing, repeat nothing and leave no gap', async () => {
  const schema = randomId();
  await runAll(four, schema, 'append');
  const entries = await toArray(openStore(postgres(), { schema }).logs.read(['shared']));
  expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  const expected = four.flatMap((name) => Array.from({ length: 250 }, (_, index) => `${name}-${index}`));
  expect(entries.map((entry) => entry.id).sort()).toEqual(expected.sort());
});

it('[G3] four processes counting with compare-and-set count every one of 1,000 steps once', async () => {
  const schema = randomId();
  await runAll(four, schema, 'increment');
  expect((await openStore(postgres(), { schema }).documents.get(['counter']))?.value).toBe(1000);
});

it('eight processes that begin on an empty database at once make the schema once', async () => {
  const names = [...four, 'five', 'six', 'seven', 'eight'];
  const schema = randomId();
  await runAll(names, schema, 'open');
  expect(await keysOf(openStore(postgres(), { schema }).documents.list([]))).toHaveLength(8);
});
