import { expect, it } from 'vitest';
import { offline } from '../src/index.js';
import { addOne, entries, expectCode, put, setUp, toArray, valueAt } from './tools.js';

const key = ['user', '1'];
const log = ['thread', '1'];

it('[G4] [G3] with a server that never answers, every call answers within its deadline, and only the first one waits', async () => {
  const { store, clock, go, calls } = setUp({ deadlineMs: 1000, maxProbeDelayMs: 1e9, probeDelayMs: 1e9 });
  go('silent');
  const first = addOne(store, key);
  await clock.advance(1000);
  // Two calls: the reading that waited in vain, and nothing after it.
  expect(await first).toMatchObject({ pending: true });
  expect(calls).toHaveLength(1);
  const before = clock.now();
  for (let count = 0; count < 5; count++) {
    await addOne(store, key);
    await store.logs.append(log, entries(count));
  }
  expect(await valueAt(store, key)).toBe(6);
  expect(await toArray(store.logs.read(log))).toHaveLength(5);
  await expectCode(store.logs.rewrite(log, [{ id: 'e1', revision: 0, body: 1 }]), 'STORE_UNAVAILABLE');
  expect(await toArray(store.documents.list([]))).toHaveLength(1);
  expect(await toArray(store.logs.list([]))).toHaveLength(1);
  expect(await store.logs.head(log)).toMatchObject({ seq: 5 });
  // Nothing but the renewal of the lease, the writing of the copy and the next look at the server waits for time.
  expect(clock.now()).toBe(before);
  expect(calls).toHaveLength(1);
  expect(clock.pending().length).toBeLessThanOrEqual(3);
});

it.each(['get', 'put', 'delete', 'list', 'append', 'read', 'head', 'rewrite', 'delete-log', 'list-logs'])(
  '[G4] %s answers within its deadline when the server falls silent',
  async (name) => {
    const { store, clock, go } = setUp({ deadlineMs: 1000 });
    await put(store, key, 1);
    await store.logs.append(log, entries(1));
    const calls: Record<string, () => Promise<unknown>> = {
      get: () => store.documents.get(key),
      put: () => put(store, key, 2),
      delete: () => store.documents.delete(key, { expect: 'any' }),
      list: () => toArray(store.documents.list([])),
      append: () => store.logs.append(log, entries(2)),
      read: () => toArray(store.logs.read(log)),
      head: () => store.logs.head(log),
      rewrite: () => store.logs.rewrite(log, [{ id: 'e1', revision: 0, body: 1 }]),
      'delete-log': () => store.logs.delete(log),
      'list-logs': () => toArray(store.logs.list([])),
    };
    go('silent');
    let ended = false;
    const call = calls[name]?.().then(
      () => 'answered',
      (error: { readonly code: string }) => error.code,
    );
    void call?.then(() => {
      ended = true;
    });
    await clock.advance(799);
    expect(ended).toBe(false);
    await clock.advance(201);
    expect(ended).toBe(true);
    expect(await call).toBe(name === 'rewrite' ? 'STORE_UNAVAILABLE' : 'answered');
  },
);

it('[G4] the server is asked again after longer and longer pauses, by a key that was used, until it is back', async () => {
  const { store, clock, go, calls, events } = setUp({ probeDelayMs: 100, maxProbeDelayMs: 1000 });
  await put(store, key, 1);
  go('down');
  await put(store, key, 2);
  const before = calls.length;
  await clock.advance(10_000);
  const probes = calls.slice(before);
  expect(probes.length).toBeGreaterThan(9);
  expect(probes.length).toBeLessThan(26);
  expect(probes.every((call) => call.name === 'get' && call.key === probes[0]?.key)).toBe(true);
  expect(probes[0]?.key).toEqual(key);
  go('up');
  await clock.advance(1000);
  expect(await store.status()).toMatchObject({ state: 'online', queued: 0 });
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['server-left', 'write-queued', 'server-returned', 'write-delivered']),
  );
});

it('[G4] a journal that does not answer is an error within the deadline, too', async () => {
  const { clock, journal, backend } = setUp();
  const silent = { ...journal, documents: { ...journal.documents, get: () => new Promise<never>(() => {}) } };
  const stuck = offline(backend, { journal: silent, clock, deadlineMs: 1000 });
  const call = expectCode(stuck.documents.get(key), 'STORE_UNAVAILABLE');
  await clock.advance(1000);
  await call;
});

it('[G4] a signal ends the waiting with its reason, and the server is not taken for absent', async () => {
  const { store, go } = setUp();
  await put(store, key, 1);
  go('silent');
  const stop = new AbortController();
  const reason = new Error('enough');
  const call = expect(store.documents.get(key, { signal: stop.signal })).rejects.toBe(reason);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort(reason);
  await call;
  expect((await store.status()).state).toBe('online');
});
