import { createMemoryStore } from '@loci/core';
import { encrypted, keyRing } from '@loci/stores-encrypted';
import { createTestClock } from '@loci/testing';
import { expect, it } from 'vitest';
import { offline } from '../src/index.js';
import { switchable } from './switchable.js';
import { addOne, entries, put, toArray, valueAt } from './tools.js';

const ring = (fill: number) => keyRing({ current: 'k', keys: { k: new Uint8Array(32).fill(fill) } });

it('[G4] over an encrypted server with an encrypted journal, steps are made anew and nothing readable is kept anywhere', async () => {
  const clock = createTestClock();
  const [backend, file] = [createMemoryStore({ clock }), createMemoryStore({ clock })];
  const { server, set } = switchable(encrypted(backend, { keys: ring(1) }));
  const theirs = encrypted(backend, { keys: ring(1) });
  const store = offline(server, { journal: encrypted(file, { keys: ring(2) }), clock, probeDelayMs: 1e9 });
  await addOne(store, ['count']);
  await put(store, ['text'], 'CANARY');
  await store.logs.append(['log'], [{ id: 'a', body: 'CANARY' }]);
  set('down');
  expect(await valueAt(store, ['text'])).toBe('CANARY');
  for (let step = 0; step < 3; step++) await addOne(store, ['count']);
  await put(store, ['text'], 'CANARY again');
  await store.logs.append(['log'], [{ id: 'b', body: 'CANARY' }, ...entries(1)]);
  for (let step = 0; step < 3; step++) await addOne(theirs, ['count']);
  const held = await toArray(file.documents.list([]));
  expect(held.length).toBeGreaterThan(4);
  const raw = await Promise.all([...held].map(({ key }) => file.documents.get(key)));
  expect(JSON.stringify(raw)).not.toContain('CANARY');
  set('up');
  await store.flush();
  expect(await valueAt(theirs, ['count'])).toBe(7);
  expect(await valueAt(theirs, ['text'])).toBe('CANARY again');
  expect((await toArray(theirs.logs.read(['log']))).map(({ id }) => id)).toEqual(['a', 'b', 'e1']);
});
