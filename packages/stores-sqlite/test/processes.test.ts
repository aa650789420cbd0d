import { expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';
import { keysOf, toArray } from './tools.js';

const names = ['one', 'two', 'three', 'four'];

/** Starts four processes, waits until all are ready, lets them go at once, and waits for their end. */
async function runFour(path: string, task: string, count: number): Promise<void> {
  const children = names.map((name) => startChild('worker.mjs', path, task, name, String(count)));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.tell('go');
  for (const child of children) {
    expect(await child.line()).toBe('done');
    expect((await child.ended).code).toBe(0);
  }
}

it('[G3] four processes appending to one log lose nothing, repeat nothing and leave no gap', {
  timeout: 30_000,
}, async () => {
  const path = temporaryFile();
  await runFour(path, 'append', 250);
  const store = createSqliteStore({ path });
  const entries = await toArray(store.logs.read(['shared']));
  expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  const expected = names.flatMap((name) => Array.from({ length: 250 }, (_, index) => `${name}-${index}`));
  expect(entries.map((entry) => entry.id).sort()).toEqual(expected.sort());
  await store.close();
});

it('[G3] four processes counting with compare-and-set count every step once', {
  timeout: 30_000,
}, async () => {
  const path = temporaryFile();
  await runFour(path, 'increment', 100);
  const store = createSqliteStore({ path });
  expect((await store.documents.get(['counter']))?.value).toBe(400);
  await store.close();
});

it('four processes can make the same new file at the same instant', { timeout: 30_000 }, async () => {
  for (let round = 0; round < 5; round++) {
    const path = temporaryFile();
    await runFour(path, 'open', 1);
    const store = createSqliteStore({ path });
    expect(await keysOf(store.documents.list([]))).toHaveLength(4);
    await store.close();
  }
});
