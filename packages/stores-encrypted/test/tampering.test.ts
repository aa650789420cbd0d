import { createMemoryStore, type JsonValue, LociError, type Store } from '@loci/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encrypted, keyRing } from '../src/index.js';
import { bodiesOf, bytes, entries, expectError, newRing, put, readValue, toArray } from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

const secret = 'SECRET-4711';
const codes = ['DAMAGED_RECORD', 'DECRYPTION', 'KEY_MISSING', 'UNKNOWN_VERSION'];
type Stored = { readonly [field: string]: JsonValue };

/** An encrypted store and the one below, with a document `d` and a log `l` whose third entry is the secret. */
async function prepared() {
  const inner = createMemoryStore();
  const store = encrypted(inner, { keys: newRing() });
  await put(store, ['d'], { text: secret }, 'op');
  await store.logs.append(['l'], [...entries(1, 2), { id: 'e3', body: secret }, ...entries(4, 5)]);
  const document = (await inner.documents.get(['d']))?.value as Stored;
  const entry = (await toArray(inner.logs.read(['l'])))[2]?.body as Stored;
  return { inner, store, document, entry };
}

let count = 0;
const writeDocument = (inner: Store, value: JsonValue) => put(inner, ['d'], value, `tamper-${count++}`);
async function writeEntry(inner: Store, body: JsonValue, id = 'e3', key = ['l']): Promise<void> {
  const revision = (await toArray(inner.logs.read(key))).find((entry) => entry.id === id)?.revision ?? 0;
  expect(await inner.logs.rewrite(key, [{ id, revision, body }])).toEqual([id]);
}

/** Expects that reading gives a typed error that names the record, and never a value. */
async function expectRefused(read: Promise<unknown>, record: object): Promise<void> {
  const error = await read.then(
    (value) => expect.fail(`it gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(LociError.isInstance(error), String(error)).toBe(true);
  expect(codes).toContain((error as LociError).code);
  expect(error).toMatchObject(record);
  expect(String(error)).not.toContain(secret);
}

const flip = (text: string, at: number, bit: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);

/** The envelope with each bit of each field flipped, one at a time. */
function* flipped(envelope: Stored): Generator<Stored> {
  for (const [field, value] of Object.entries(envelope)) {
    for (let bit = 0; bit < 7; bit++) {
      if (typeof value === 'number') yield { ...envelope, [field]: value ^ (1 << bit) };
      else
        for (let at = 0; at < String(value).length; at++)
          yield { ...envelope, [field]: flip(String(value), at, bit) };
      // And in the names of the fields.
      const { [field]: moved, ...rest } = envelope;
      if (moved !== undefined) yield { ...rest, [flip(field, 0, bit)]: moved };
    }
  }
}

describe('a record that was changed below', () => {
  it('[A8] with any one bit flipped is refused by a typed error that names it', async () => {
    const { inner, store, document, entry } = await prepared();
    let tried = 0;
    for (const changed of flipped(document)) {
      await writeDocument(inner, changed);
      await expectRefused(store.documents.get(['d']), { key: ['d'] });
      tried++;
    }
    expect(tried).toBeGreaterThan(600);
    for (const changed of flipped(entry)) {
      await writeEntry(inner, changed);
      const { code } = (await toArray(store.logs.read(['l'])).catch((error: unknown) => error)) as LociError;
      const seq = code === 'UNKNOWN_VERSION' ? {} : { seq: 3 };
      await expectRefused(toArray(store.logs.read(['l'])), { key: ['l'], ...seq });
    }
  });

  it('[A8] is refused whatever stands in its place, and the records around it are read', async () => {
    const { inner, store, document } = await prepared();
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({
        format: fc.constantFrom('loci-encrypted', 'other'),
        version: fc.oneof(fc.constant(1), fc.integer(), fc.double(), fc.string()),
        key: fc.oneof(fc.constantFrom('k1', 'k2', '__proto__', ''), fc.string()),
        nonce: fc.oneof(fc.constant(document.nonce), fc.base64String({ minLength: 16, maxLength: 16 })),
        data: fc.oneof(fc.constant(document.data), fc.base64String(), fc.string()),
      }),
      fc.dictionary(fc.string(), fc.jsonValue()).map((more) => ({ ...document, ...more, more: 1 })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const stored = JSON.parse(JSON.stringify(value)) as JsonValue;
        fc.pre(JSON.stringify(stored) !== JSON.stringify({ ...document, key: 'k2' }));
        await writeDocument(inner, stored);
        await expectRefused(store.documents.get(['d']), { key: ['d'] });
        await writeEntry(inner, stored);
        await expectRefused(toArray(store.logs.read(['l'])), { key: ['l'] });
        expect((await toArray(store.logs.read(['l'], { from: 4 }))).map(({ body }) => body)).toEqual([4, 5]);
      }),
      { numRuns: 300 },
    );
  });

  it('[A8] is refused where it was moved to another key, another log, another id, or from a document to a log', async () => {
    const { inner, store, document, entry } = await prepared();
    await put(inner, ['other'], document, 'op');
    await expectError(store.documents.get(['other']), { code: 'DECRYPTION', key: ['other'] });
    // The encodings of these two differ only in where a segment ends.
    await put(store, ['a', 'b'], secret, 'op');
    const nested = (await inner.documents.get(['a', 'b']))?.value as Stored;
    await put(inner, ['a/b'], nested, 'op');
    await expectError(store.documents.get(['a/b']), { code: 'DECRYPTION' });

    await inner.logs.append(['l2'], [{ id: 'e3', body: entry }]);
    await expectError(toArray(store.logs.read(['l2'])), { code: 'DECRYPTION', key: ['l2'], seq: 1 });
    await writeEntry(inner, entry, 'e4');
    await expectError(toArray(store.logs.read(['l'])), { code: 'DECRYPTION', key: ['l'], seq: 4 });

    await put(inner, ['l'], entry, 'op');
    await expectError(store.documents.get(['l']), { code: 'DECRYPTION' });
    await inner.logs.append(['d'], [{ id: 'e3', body: document }]);
    await expectError(toArray(store.logs.read(['d'])), { code: 'DECRYPTION' });
  });

  it('[A8] is refused where its parts come from two envelopes, or it names another known key', async () => {
    const { inner, store, document } = await prepared();
    await put(store, ['d'], { text: 'another' }, 'op-2');
    const second = (await inner.documents.get(['d']))?.value as Stored;
    for (const mixed of [
      { ...document, nonce: second.nonce ?? null },
      { ...document, data: second.data ?? null },
      { ...document, key: 'k1' },
    ]) {
      await writeDocument(inner, mixed);
      await expectError(store.documents.get(['d']), { code: 'DECRYPTION' });
    }
  });

  it('[A8] is not taken for a value where it was never encrypted', async () => {
    const { inner, store } = await prepared();
    await put(inner, ['plain'], { text: 'put there by somebody else' }, 'op');
    await expectError(store.documents.get(['plain']), { code: 'DAMAGED_RECORD', key: ['plain'] });
  });
});

it('[A8] a record that names another id of the very same key is refused', async () => {
  const inner = createMemoryStore();
  const keys = keyRing({ current: 'k1', keys: { k1: bytes(1), alias: bytes(1) } });
  const store = encrypted(inner, { keys });
  await put(store, ['d'], secret, 'op');
  await writeDocument(inner, { ...((await readValue(inner, ['d'])) as Stored), key: 'alias' });
  await expectError(store.documents.get(['d']), { code: 'DECRYPTION', keyId: 'alias' });
});

it('[A8] the same value is never the same below: every write and rewrite has a nonce of its own', async () => {
  const { inner, store } = await prepared();
  const nonces = new Set<unknown>();
  for (let round = 0; round < 200; round++) {
    await put(store, ['d'], 1, `same-${round}`);
    await store.logs.rewrite(['l'], [{ id: 'e1', revision: round, body: 1 }]);
    const stored = [await readValue(inner, ['d']), (await bodiesOf(inner, ['l']))[0]] as Stored[];
    for (const { nonce } of stored) nonces.add(nonce);
  }
  expect(nonces.size).toBe(400);
});

it('any JSON value is read as it was written', async () => {
  const { store } = await prepared();
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
  let round = 0;
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      const plain = JSON.parse(JSON.stringify(given)) as JsonValue;
      round++;
      await put(store, ['v'], plain, `v-${round}`);
      expect(await readValue(store, ['v'])).toEqual(plain);
    }),
  );
  for (const size of [0, 1, 8191, 8192, 8193, 3_000_000]) {
    const text = '\u{1F600}é'.repeat(Math.ceil(size / 3)).slice(0, size);
    await put(store, ['big'], text, `big-${size}`);
    expect(await readValue(store, ['big'])).toBe(text);
  }
});
