import { randomId } from '@loci/core';
import { createRedisStore } from '@loci/stores-redis';
import { expect, onTestFinished } from 'vitest';
import { startChild } from './start-child.js';
import { sharedRedis } from './start-redis.js';
import { temporaryFile } from './temporary-file.js';
import { idsOf, valueAt } from './tools.js';

const { it, server } = sharedRedis();

/** Of the delivery, and how often the process passes it before. */
const points = [
  'after mark/0',
  'after mark/2',
  'after put/0',
  'after put/2',
  'before removal/1',
  'after removal/2',
  'after append/0',
  'after append/3',
  'after delete/0',
];

it('[G4] killed at any point of the delivery, nothing is lost and nothing is there twice', async () => {
  const run = async (point: string) => {
    const prefix = randomId();
    const setup = JSON.stringify({ url: server().url, prefix, path: temporaryFile() });
    const killed = startChild('killed.mjs', setup, point);
    expect(await killed.line()).toBe('queued');
    const store = createRedisStore({ url: server().url, prefix });
    onTestFinished(() => void store.close({ timeoutMs: 0 }));
    await store.documents.put(['list'], ['theirs'], { expect: 'absent', operationId: 'theirs' });
    killed.tell('go');
    const said = await killed.rest();
    expect({ said, ...(await killed.ended) }, point).toMatchObject({ signal: 'SIGKILL' });
    const next = startChild('worker.mjs', setup, 'append', 'next', '1', '0');
    next.tell('go');
    next.tell('flush');
    expect((await next.rest()).at(-1), point).toBe('unsaved 0');
    expect(await valueAt(store, ['list']), point).toEqual(['theirs', 'p0', 'p1', 'p2', 'p3']);
    expect(await idsOf(store, ['log']), point).toEqual(['e0', 'e1', 'e2', 'e3', 'next-0']);
    expect(await valueAt(store, ['gone']), point).toBeUndefined();
  };
  for (let index = 0; index < points.length; index += 5)
    await Promise.all(points.slice(index, index + 5).map(run));
});
