import { expect, it } from 'vitest';
import { JournalInUseError } from '../src/index.js';
import { put, setUp, valueAt } from './tools.js';

const key = ['user', '1'];

it('[G4] a second store on the same journal waits up to its deadline and then gets a typed error', async () => {
  const { store, open, clock } = setUp({ deadlineMs: 1000, leaseMs: 30_000 });
  await put(store, key, 1);
  const second = open();
  const call = second.documents.get(key).catch((error: unknown) => error);
  await clock.advance(1000);
  const error = await call;
  expect(JournalInUseError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'JOURNAL_IN_USE', until: expect.any(Number) });
  await store.close();
  expect(await valueAt(second, key)).toBe(1);
});

it('[G4] when the owner is gone without a word, the next one takes over as soon as the lease has ended', async () => {
  const { store, clock, go, backend, journal } = setUp({ leaseMs: 3000, deadlineMs: 1000 });
  go('down');
  await put(store, key, 'left behind');
  // As after SIGKILL: nothing renews the lease any more.
  const lease = await journal.documents.get(['offline', 'lease']);
  const dead = setUp({ journal, leaseMs: 3000, deadlineMs: 1000 });
  expect(lease?.value).toMatchObject({ until: clock.now() + 3000 });
  const early = dead.store.status().catch((error: unknown) => error);
  await dead.clock.advance(1000);
  expect(JournalInUseError.isInstance(await early)).toBe(true);
  await dead.clock.advance(1500);
  const late = dead.store.status();
  await dead.clock.advance(800);
  expect(await late).toMatchObject({ queued: expect.any(Number) });
  await dead.store.flush();
  expect(await valueAt(dead.backend, key)).toBe('left behind');
  expect(await valueAt(backend, key)).toBeUndefined();
});

it('[G4] the lease is renewed while there is work, and not while nobody uses the store', async () => {
  const { store, clock, go, journal } = setUp({ leaseMs: 3000, probeDelayMs: 1e9, maxProbeDelayMs: 1e9 });
  const until = async () => Number(Object(await valueAt(journal, ['offline', 'lease'])).until);
  await put(store, key, 1);
  await clock.advance(20_000);
  expect(await until()).toBeLessThan(clock.now());
  expect(clock.pending()).toEqual([]);
  go('down');
  await put(store, key, 2);
  for (let round = 0; round < 20; round++) {
    await clock.advance(1000);
    expect(await until()).toBeGreaterThan(clock.now());
  }
});

it('[G4] a process that slept while another took its journal notices, and goes on when that is gone', async () => {
  const { store, open, clock, go, comeBack, backend, events } = setUp({ leaseMs: 3000 });
  await put(store, key, 1);
  await clock.advance(10_000);
  const second = open();
  go('down');
  await put(second, key, 2);
  const call = store.documents.get(key).catch((error: unknown) => error);
  await clock.advance(2000);
  expect(JournalInUseError.isInstance(await call)).toBe(true);
  expect(events).toContainEqual({ type: 'lease-lost' });
  await second.close({ timeoutMs: 0 }).catch(() => {});
  await clock.advance(4000);
  const again = store.documents.get(key);
  await clock.advance(0);
  expect(await again).toMatchObject({ value: 2, pending: true });
  await comeBack();
  expect(await valueAt(backend, key)).toBe(2);
});
