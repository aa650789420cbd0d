import { expect, it } from 'vitest';
import { entries, expectCode, put, setUp, toArray, valueAt } from './tools.js';

const key = ['user', '1'];

it('[G4] `close` keeps its bound with a dead server, names what was not saved, and the next process delivers it', async () => {
  for (const mode of ['silent', 'down'] as const) {
    const { store, backend, go, clock, open, comeBack } = setUp({ deadlineMs: 10_000 });
    await put(store, key, 1);
    go('down');
    await put(store, key, 2, 'mine');
    await store.logs.append(['log'], entries(1, 2));
    go(mode);
    let closed = false;
    const closing = store.close({ timeoutMs: 1000 }).then((report) => {
      closed = true;
      return report;
    });
    await clock.advance(1000);
    expect(closed).toBe(true);
    expect(await closing).toEqual({
      unsaved: [
        { key, operationId: 'mine', reason: 'its server is away' },
        { key: ['log'], operationId: 'e1', reason: 'its server is away' },
      ],
    });
    expect(await store.close()).toEqual(await closing);
    await expectCode(store.documents.get(key), 'STORE_CLOSED');
    await expectCode(store.status(), 'STORE_CLOSED');
    go('up');
    const next = open();
    await comeBack(next);
    expect(await valueAt(backend, key)).toBe(2);
    expect(await toArray(backend.logs.read(['log']))).toHaveLength(2);
  }
});

it('[G4] `close` delivers what it can, and leaves no timer behind', async () => {
  const { store, backend, go, clock } = setUp();
  go('down');
  await put(store, key, 1);
  go('up');
  expect(await store.close()).toEqual({ unsaved: [] });
  expect(await valueAt(backend, key)).toBe(1);
  expect(clock.pending()).toEqual([]);
});

it('[G4] a store that was never used closes without touching the journal', async () => {
  const { store, journal, calls } = setUp();
  expect(await store.close()).toEqual({ unsaved: [] });
  expect(await toArray(journal.documents.list([]))).toEqual([]);
  expect(calls).toEqual([]);
});
