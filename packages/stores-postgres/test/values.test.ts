import type { JsonValue } from '@loci/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { openStore } from './open-store.js';
import { postgresIt as it, sharedPostgres } from './start-postgres.js';
import { put, toArray } from './tools.js';

const postgres = sharedPostgres({ fsync: 'off' });
// Any text of JavaScript: U+0000, halves of surrogate pairs, and what `jsonb` sorts or makes the same.
const json = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<JsonValue>;

it('every JSON value comes back byte for byte, from a document and from an entry', async () => {
  const store = openStore(postgres());
  let count = 0;
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const id = `id-${count++}`;
      await put(store, ['d'], value, id);
      const { lastSeq } = await store.logs.append(['l'], [{ id, body: value }]);
      const [entry] = await toArray(store.logs.read(['l'], { from: lastSeq }));
      expect(JSON.stringify((await store.documents.get(['d']))?.value)).toBe(JSON.stringify(value));
      expect(JSON.stringify(entry?.body)).toBe(JSON.stringify(value));
    }),
    { numRuns: 100 },
  );
});

it('keys of any length are told apart and listed in order, also where they only differ at the end', async () => {
  const store = openStore(postgres());
  const long = (last: string) => [...Array.from({ length: 15 }, () => 'é%'.repeat(128)), last];
  // In the order of their encodings.
  const keys = [long('a'), long('b\0'), long('b'), long('c'), ['short']];
  for (const [index, key] of keys.entries()) {
    await put(store, key, index, 'op');
    await store.logs.append(key, [{ id: 'e', body: index }]);
  }
  for (const [index, key] of keys.entries()) {
    expect((await store.documents.get(key))?.value).toBe(index);
    expect((await toArray(store.logs.read(key))).map((entry) => entry.body)).toEqual([index]);
  }
  const listed = await toArray(store.documents.list([]));
  expect(listed.map(({ key }) => key)).toEqual(keys);
  const after = await toArray(store.documents.list(long('a').slice(0, 15), { after: long('a'), limit: 2 }));
  expect(after.map(({ key }) => key)).toEqual([long('b\0'), long('b')]);
});
