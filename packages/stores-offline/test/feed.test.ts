import type { Change, Store } from '@loci/core';
import { expect, it, onTestFinished } from 'vitest';
import { entries, put, setUp } from './tools.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Follows the feed; `seen` grows while the test goes on. */
function follow(store: Store): Change[] {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: Change[] = [];
  void (async () => {
    for await (const change of store.feed?.watch(['a'], { signal: stop.signal }) ?? []) seen.push(change);
  })();
  return seen;
}

it('[G4] the feed tells what is queued here, and says `resync` when the server is back', async () => {
  const { store, backend, go, comeBack } = setUp();
  const seen = follow(store);
  await settle();
  expect(seen).toEqual([{ type: 'resync' }]);
  await put(backend, ['a', 'theirs'], 1);
  await settle();
  expect(seen.at(-1)).toEqual({ type: 'changed', target: 'document', key: ['a', 'theirs'] });
  go('down');
  await put(store, ['a', 'mine'], 1);
  await put(store, ['b'], 1);
  await store.logs.append(['a'], entries(1));
  await settle();
  expect(seen.slice(2)).toEqual([
    { type: 'changed', target: 'document', key: ['a', 'mine'] },
    { type: 'changed', target: 'log', key: ['a'] },
  ]);
  const before = seen.length;
  await comeBack();
  await settle();
  expect(seen.slice(before)).toContainEqual({ type: 'resync' });
});

it('[G4] a feed that begins while the server is away says `resync` at once', async () => {
  const { store, go } = setUp();
  go('down');
  await put(store, ['a'], 1);
  const seen = follow(store);
  await settle();
  expect(seen[0]).toEqual({ type: 'resync' });
});
