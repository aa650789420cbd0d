import { randomId } from '@loci/core';
import { expect } from 'vitest';
import { openStore } from './open-store.js';
import { startChild } from './start-child.js';
import { redisIt as it, sharedRedis } from './start-redis.js';
import { toArray } from './tools.js';

const redis = sharedRedis();
const names = ['one', 'two', 'three', 'four'];

/** Starts four processes, waits until all are ready, lets them go at once, and waits for their end. */
async function runFour(prefix: string, task: string): Promise<void> {
  const options = JSON.stringify({ url: redis().url, prefix });
  const children = names.map((name) => startChild('worker.mjs', options, task, name, '250'));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.tell('go');
  for (const child of children) {
    expect((await child.rest()).at(-1)).toBe('done');
    expect((await child.ended).code).toBe(0);
  }
}

it('[G3] four processes appending to one log lose nothing, repeat nothing and leave no gap', async () => {
  const prefix = randomId();
  await runFour(prefix, 'append');
  const entries = await toArray(openStore(redis(), { prefix }).logs.read(['shared']));
  expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  const expected = names.flatMap((name) => Array.from({ length: 250 }, (_, index) => `${name}-${index}`));
  expect(entries.map((entry) => entry.id).sort()).toEqual(expected.sort());
});

it('[G3] four processes counting with compare-and-set count every one of 1,000 steps once', async () => {
  const prefix = randomId();
  await runFour(prefix, 'increment');
  expect((await openStore(redis(), { prefix }).documents.get(['counter']))?.value).toBe(1000);
});
