import { ConflictError, createMemoryStore, type Key, type Store } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { chaos, createTestClock } from '@loci/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encrypted, keyRing, type RotationReport, rotate } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import {
  bodiesOf,
  bytes,
  dump,
  entries,
  expectError,
  newRing,
  oldRing,
  put,
  readValue,
  toArray,
} from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

const onlyNew = () => keyRing({ current: 'k2', keys: { k2: bytes(2) } });

async function filled(inner: Store, count = 250): Promise<Store> {
  const store = encrypted(inner, { keys: oldRing() });
  for (let index = 0; index < 20; index++) await put(store, ['d', `${index}`], index, 'op');
  await store.logs.append(['l'], entries(1, count));
  await store.logs.append(['short'], entries(1, 3));
  return store;
}

const expectAll = async (store: Store, count = 250) => {
  for (let index = 0; index < 20; index++) expect(await readValue(store, ['d', `${index}`])).toBe(index);
  expect(await bodiesOf(store, ['l'])).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  expect(await bodiesOf(store, ['short'])).toEqual([1, 2, 3]);
};

describe('rotate', () => {
  it('[A8] encrypts everything anew, so that the old key can go, and finds nothing to do the second time', async () => {
    const inner = createMemoryStore();
    await filled(inner);
    const seen: RotationReport[] = [];
    const report = await rotate(inner, { keys: newRing(), onProgress: (now) => seen.push(now) });
    expect(report).toEqual({ documents: 20, entries: 253, current: 0, failed: [], more: false });
    expect(seen.at(-1)).toEqual(report);
    expect(seen.map((now) => now.documents + now.entries)).toEqual([
      ...Array.from({ length: 20 }, (_, index) => index + 1),
      ...[120, 220, 270, 273],
    ]);
    await expectAll(encrypted(inner, { keys: onlyNew() }));
    const before = await dump(inner);
    expect(await rotate(inner, { keys: newRing() })).toMatchObject({
      documents: 0,
      entries: 0,
      current: 273,
    });
    expect(await dump(inner)).toBe(before);
  });

  it('keeps ids, seqs and expiry', async () => {
    const clock = createTestClock();
    const inner = createMemoryStore({ clock });
    const store = encrypted(inner, { keys: oldRing() });
    await store.documents.put(['d'], 1, { expect: 'any', operationId: 'op', ttlMs: 1000 });
    await store.logs.append(['l'], entries(1, 2), { ttlMs: 1000 });
    const ends = async () => [
      (await store.documents.get(['d']))?.expiresAt,
      (await toArray(store.logs.list([])))[0]?.expiresAt,
    ];
    const head = await store.logs.head(['l']);
    const before = await ends();
    await clock.advance(500);
    await rotate(inner, { keys: newRing() });
    const after = encrypted(inner, { keys: onlyNew() });
    expect((await after.documents.get(['d']))?.expiresAt).toBe(before[0]);
    expect((await toArray(after.logs.list([])))[0]?.expiresAt).toBe(before[1]);
    expect(await after.logs.head(['l'])).toEqual(head);
    expect(await toArray(after.logs.read(['l']))).toMatchObject([
      { id: 'e1', seq: 1, revision: 1 },
      { id: 'e2', seq: 2, revision: 1 },
    ]);
    await clock.advance(500);
    expect(await toArray(inner.documents.list([]))).toEqual([]);
  });

  it('keeps to its prefix, and stops at its limit to go on in the next call', async () => {
    const inner = createMemoryStore();
    await filled(inner);
    expect(await rotate(inner, { keys: newRing(), prefix: ['short'] })).toMatchObject({
      documents: 0,
      entries: 3,
    });
    const reports: RotationReport[] = [];
    do reports.push(await rotate(inner, { keys: newRing(), limit: 15 }));
    while (reports.at(-1)?.more);
    expect(reports.map(({ documents, entries: written }) => documents + written)).toEqual([
      15, 105, 100, 50, 0,
    ]);
    await expectAll(encrypted(inner, { keys: onlyNew() }));
  });

  it('[A8] names what it cannot read, leaves it as it is, and goes on with the rest', async () => {
    const inner = createMemoryStore();
    const store = await filled(inner);
    const lost = encrypted(inner, { keys: keyRing({ current: 'k0', keys: { k0: bytes(7) } }) });
    await put(lost, ['d', '3'], 'lost', 'op-2');
    await put(inner, ['d', '4'], 'plain', 'op-2');
    const [third] = await toArray(inner.logs.read(['l'], { from: 3, limit: 1 }));
    await inner.logs.rewrite(['l'], [{ id: 'e5', revision: 0, body: third?.body ?? null }]);
    const before = await readValue(inner, ['d', '3']);
    const report = await rotate(inner, { keys: newRing() });
    expect(report).toMatchObject({ documents: 18, entries: 252, more: false });
    expect(report.failed).toEqual([
      { kind: 'document', key: ['d', '3'], code: 'KEY_MISSING' },
      { kind: 'document', key: ['d', '4'], code: 'DAMAGED_RECORD' },
      { kind: 'log', key: ['l'], seq: 5, code: 'DECRYPTION' },
    ]);
    expect(await readValue(inner, ['d', '3'])).toEqual(before);
    expect(await readValue(inner, ['d', '4'])).toBe('plain');
    expect(await readValue(store, ['d', '3']).catch(({ code }) => code)).toBe('KEY_MISSING');
  });

  it('reports what is only queued and what others never leave alone, and changes neither', async () => {
    const inner = createMemoryStore();
    await filled(inner, 3);
    const busy: Store = {
      ...inner,
      documents: {
        ...inner.documents,
        get: async (key, options) => {
          const found = await inner.documents.get(key, options);
          return found && key[1] === '1' ? { ...found, pending: true } : found;
        },
        put: async (key, value, options) => {
          if (key[1] === '2') throw new ConflictError(key);
          return inner.documents.put(key, value, options);
        },
      },
      logs: {
        ...inner.logs,
        rewrite: async (key, items) => (key[0] === 'short' ? [] : inner.logs.rewrite(key, items)),
      },
    };
    const report = await rotate(busy, { keys: newRing() });
    expect(report).toMatchObject({ documents: 18, entries: 3 });
    expect(report.failed).toEqual([
      { kind: 'document', key: ['d', '1'], code: 'PENDING' },
      { kind: 'document', key: ['d', '2'], code: 'CONFLICT' },
      ...[1, 2, 3].map((seq) => ({ kind: 'log', key: ['short'], seq, code: 'CONFLICT' })),
    ]);
    await expectAll(encrypted(inner, { keys: newRing() }), 3);
  });

  it('[A8] never brings back what a redaction removed meanwhile', async () => {
    const inner = createMemoryStore();
    const store = await filled(inner);
    let redacted = false;
    // The redaction comes after the rotation has read the entries, and before it writes them.
    const racing: Store = {
      ...inner,
      logs: {
        ...inner.logs,
        async rewrite(key, items, options) {
          if (!redacted) {
            redacted = true;
            const written = await store.logs.rewrite(['l'], [{ id: 'e7', revision: 0, body: 'redacted' }]);
            expect(written).toEqual(['e7']);
          }
          return inner.logs.rewrite(key, items, options);
        },
      },
    };
    const report = await rotate(racing, { keys: newRing() });
    expect(report).toMatchObject({ entries: 253, failed: [] });
    expect((await bodiesOf(encrypted(inner, { keys: onlyNew() }), ['l']))[6]).toBe('redacted');
  });

  it('[A8] never writes over a document that somebody changed meanwhile, and encrypts the new value instead', async () => {
    const inner = createMemoryStore();
    const store = await filled(inner, 1);
    const raced = new Set<string>();
    // The change comes after the rotation has read the document, and before it writes it.
    const racing: Store = {
      ...inner,
      documents: {
        ...inner.documents,
        async put(key, value, options) {
          const name = key.join('/');
          if (!raced.has(name)) await put(store, key, `changed ${name}`, 'op-2');
          raced.add(name);
          return inner.documents.put(key, value, options);
        },
      },
    };
    expect(await rotate(racing, { keys: newRing() })).toMatchObject({ documents: 20, failed: [] });
    const after = encrypted(inner, { keys: onlyNew() });
    for (let index = 0; index < 20; index++)
      expect(await readValue(after, ['d', `${index}`])).toBe(`changed d/${index}`);
  });

  it('[A8] ends with a store that fails, and a repeat completes it, whichever answers were lost', async () => {
    for (const seed of [1, 2, 3]) {
      const inner = createMemoryStore();
      await filled(inner);
      const unreliable = chaos(inner, { seed, lostAnswers: 0.1, refusals: 0.1, maxDelayMs: 5 });
      let failures = 0;
      for (;;) {
        try {
          expect((await rotate(unreliable, { keys: newRing() })).failed).toEqual([]);
          break;
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
          failures++;
        }
      }
      expect(failures).toBeGreaterThan(0);
      await expectAll(encrypted(inner, { keys: onlyNew() }));
    }
  });

  it('refuses options that it cannot use, and stops with the reason of its signal', async () => {
    const inner = createMemoryStore();
    await filled(inner, 1);
    const before = await dump(inner);
    await expectError(rotate(inner, {} as never), { code: 'INVALID_INPUT', path: 'options.keys' });
    await expectError(rotate({} as never, { keys: newRing() }), { code: 'INVALID_INPUT', path: 'store' });
    await expectError(rotate(inner, { keys: newRing(), limit: 0 }), { code: 'INVALID_INPUT' });
    await expectError(rotate(inner, { keys: newRing(), prefix: 'd' as never }), { code: 'INVALID_KEY' });
    const reason = new Error('enough');
    await expect(rotate(inner, { keys: newRing(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await dump(inner)).toBe(before);
  });
});

describe('rotate under load', () => {
  const stores = [
    ['memory', () => createMemoryStore()],
    [
      'SQLite',
      () => {
        const store = createSqliteStore({ path: temporaryFile() });
        onTestFinished(async () => void (await store.close()));
        return store;
      },
    ],
  ] as const;

  async function increment(store: Store, key: Key, operationId: string): Promise<void> {
    for (;;) {
      const found = await store.documents.get(key);
      const expect = found ? { version: found.version } : 'absent';
      try {
        await store.documents.put(key, Number(found?.value ?? 0) + 1, { expect, operationId });
        return;
      } catch (error) {
        if (!ConflictError.isInstance(error)) throw error;
      }
    }
  }

  it.each(stores)(
    '[A8] loses no write of writers on old and new keys, on %s',
    { timeout: 30_000 },
    async (_, create) => {
      const inner = create();
      await filled(inner);
      const writers = [oldRing(), oldRing(), newRing(), newRing()].map((keys) => encrypted(inner, { keys }));
      // Those that still write with the old key know the new one, as a rollout in two steps makes sure.
      const both = keyRing({ current: 'k1', keys: { k1: bytes(1), k2: bytes(2) } });
      writers.splice(0, 2, encrypted(inner, { keys: both }), encrypted(inner, { keys: both }));
      let rotating = true;
      const rotations = (async () => {
        while (rotating) {
          // The counter is what all of them want at once.
          for (const prefix of [['counter'], ['counter'], []])
            expect((await rotate(inner, { keys: newRing(), prefix })).failed).toEqual([]);
        }
      })();
      await Promise.all(
        writers.map(async (store, writer) => {
          for (let round = 0; round < 50; round++) {
            await increment(store, ['counter'], `${writer}-${round}`);
            await store.logs.append(['shared'], [{ id: `${writer}-${round}`, body: { writer, round } }]);
            const id = `e${writer * 50 + round + 1}`;
            for (;;) {
              const [found] = await toArray(
                store.logs.read(['l'], { from: writer * 50 + round + 1, limit: 1 }),
              );
              const stub = { id, revision: found?.revision ?? -1, body: `redacted ${id}` };
              if ((await store.logs.rewrite(['l'], [stub])).length > 0) break;
            }
          }
        }),
      );
      rotating = false;
      await rotations;
      expect((await rotate(inner, { keys: newRing() })).failed).toEqual([]);
      const after = encrypted(inner, { keys: onlyNew() });
      expect(await readValue(after, ['counter'])).toBe(200);
      const shared = await toArray(after.logs.read(['shared']));
      expect(new Set(shared.map(({ id }) => id)).size).toBe(200);
      expect(shared).toHaveLength(200);
      const bodies = await bodiesOf(after, ['l']);
      expect(bodies.slice(0, 200)).toEqual(
        Array.from({ length: 200 }, (_, index) => `redacted e${index + 1}`),
      );
      expect(bodies.slice(200)).toEqual(Array.from({ length: 50 }, (_, index) => index + 201));
    },
  );
});
