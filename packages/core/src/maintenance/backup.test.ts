import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chatTurn } from '../../test/entries.js';
import {
  contentOf,
  countingWrites,
  createSettableClock,
  damaged,
  put,
  toArray,
} from '../../test/maintenance.js';
import { createMemoryStore, openThread, type Store, StoreUnavailableError } from '../index.js';
import { backupStore, type MaintenanceEvent, restoreStore } from '../maintenance.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: `e${from + index}`, body: from + index }));

async function filled(clock = createSettableClock()): Promise<Store> {
  const store = createMemoryStore({ clock });
  await put(store, ['users', 'ada'], { name: 'Ada', ['__proto__']: 1, text: 'líne\nbreak 😀' });
  await put(store, ['users', 'bob'], 7, 5000);
  await put(store, ['z'], 'last');
  await store.logs.append(['log'], entries(1, 250), { ttlMs: 60_000 });
  await store.logs.append(['users', 'ada'], [{ id: '__proto__', body: null }]);
  return store;
}

describe('a backup', () => {
  it('[A8] restores every document and log into an empty store: values, ids, seqs and expiry', async () => {
    const clock = createSettableClock();
    const store = await filled(clock);
    const lines = await toArray(backupStore(store, { clock }));
    const restored = createMemoryStore({ clock });
    clock.time += 1000;
    const report = await restoreStore(restored, lines, { clock });
    expect(report).toEqual({ documents: 3, logs: 2, entries: 251, expired: 0, skipped: [], unreadable: [] });
    expect(await contentOf(restored)).toEqual(await contentOf(store));
  });

  it('[A8] restores whatever a store can hold, cut into any pieces of text', async () => {
    const key = fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1, maxLength: 3 });
    const record = fc.tuple(key, fc.jsonValue({ maxDepth: 4 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (records, size) => {
          const store = createMemoryStore();
          for (const [index, [name, value, isLog]] of records.entries()) {
            const given = JSON.parse(JSON.stringify(value));
            if (isLog) await store.logs.append(name, [{ id: `e${index}`, body: given }]);
            else await store.documents.put(name, given, { expect: 'any', operationId: `op${index}` });
          }
          const text = (await toArray(backupStore(store))).join('');
          const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
            text.slice(index * size, (index + 1) * size),
          );
          const restored = createMemoryStore();
          await restoreStore(restored, () => pieces);
          expect(await contentOf(restored)).toEqual(await contentOf(store));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('[A8] a thread reads the same after backup and restore', async () => {
    const store = createMemoryStore();
    const key = ['thread'];
    await openThread({ store, key }).append(chatTurn('t1', 'hello', 'hi'));
    const restored = createMemoryStore();
    await restoreStore(restored, await toArray(backupStore(store)));
    const texts = async (from: Store) => (await openThread({ store: from, key }).view()).messages;
    expect(await texts(restored)).toEqual(await texts(store));
  });

  it('keeps to its prefix, by whole segments', async () => {
    const store = await filled();
    await put(store, ['users2'], 1);
    const clock = createSettableClock();
    const restored = createMemoryStore({ clock });
    await restoreStore(restored, await toArray(backupStore(store, { prefix: ['users'] })), { clock });
    expect(await contentOf(restored)).toMatchObject({
      documents: [{ key: ['users', 'ada'] }, { key: ['users', 'bob'] }],
      logs: [{ key: ['users', 'ada'] }],
    });
  });

  it('[A8] leaves damaged records out and names them; everything else is restored in its place', async () => {
    const store = damaged(await filled(), ['users', 'ada']);
    const events: MaintenanceEvent[] = [];
    const lines = await toArray(backupStore(store, { onEvent: (event) => events.push(event) }));
    const unreadable = [
      { kind: 'document', key: ['users', 'ada'], code: 'DAMAGED_RECORD' },
      { kind: 'log', key: ['log'], seq: 3, code: 'DAMAGED_RECORD' },
    ];
    expect(events).toMatchObject(unreadable.map((record) => ({ type: 'record-damaged', ...record })));
    const clock = createSettableClock();
    const restored = createMemoryStore({ clock });
    const report = await restoreStore(restored, lines, { clock });
    expect(report).toMatchObject({ documents: 2, logs: 2, unreadable });
    const read = await toArray(restored.logs.read(['log'], { from: 2, to: 4 }));
    expect(read.map(({ id, seq }) => [id, seq])).toEqual([
      ['e2', 2],
      ['loci-lost-3', 3],
      ['e4', 4],
    ]);
    expect(await restored.logs.head(['log'])).toMatchObject({ seq: 250 });
  });

  it('a thread with a lost entry shows the others after a restore', async () => {
    const store = createMemoryStore();
    const key = ['thread'];
    await openThread({ store, key }).append(chatTurn('t1', 'hello', 'hi'));
    const restored = createMemoryStore();
    await restoreStore(restored, await toArray(backupStore(damaged(store, []))));
    const { messages } = await openThread({ store: restored, key }).view();
    expect(messages.map((message) => message.id)).toEqual(['t1.0']);
  });

  it('has lines of bounded length, however large the entries are', async () => {
    const store = createMemoryStore();
    const body = 'x'.repeat(100_000);
    await store.logs.append(
      ['log'],
      entries(1, 20).map(({ id }) => ({ id, body })),
    );
    const lines = await toArray(backupStore(store));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400_000);
    const restored = createMemoryStore();
    await restoreStore(restored, lines);
    expect(await contentOf(restored)).toEqual(await contentOf(store));
  });

  it('holds of a log what was there when the backup came to it, however fast it grows', async () => {
    const inner = createMemoryStore();
    await inner.logs.append(['log'], entries(1, 150));
    let next = 151;
    const growing: Store = {
      ...inner,
      logs: {
        ...inner.logs,
        async *read(key, options) {
          await inner.logs.append(['log'], entries(next, next));
          next++;
          yield* inner.logs.read(key, options);
        },
      },
    };
    const restored = createMemoryStore();
    await restoreStore(restored, await toArray(backupStore(growing)));
    expect(await restored.logs.head(['log'])).toMatchObject({ seq: 150 });
  });

  it('ends with the error where the store is away, and without the line by which it is complete', async () => {
    const store = await filled();
    const away: Store = {
      ...store,
      documents: {
        ...store.documents,
        get: async () => {
          throw new StoreUnavailableError('for a test');
        },
      },
    };
    const seen: string[] = [];
    const run = async () => {
      for await (const line of backupStore(away)) seen.push(line);
    };
    await expect(run()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(restoreStore(createMemoryStore(), seen)).rejects.toMatchObject({ code: 'INVALID_IMPORT' });
  });

  it('stops with the reason of its signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(toArray(backupStore(await filled(), { signal }))).rejects.toBe(reason);
    await expect(
      restoreStore(createMemoryStore(), await toArray(backupStore(await filled())), { signal }),
    ).rejects.toBe(reason);
  });
});

describe('a restore', () => {
  it('[A8] with `refuse` writes nothing where one record exists already, and names it', async () => {
    const lines = await toArray(backupStore(await filled()));
    for (const exist of [
      (store: Store) => put(store, ['z'], 'mine'),
      (store: Store) => store.logs.append(['log'], entries(1, 1)),
    ]) {
      const counted = countingWrites();
      await exist(counted.store);
      const before = await contentOf(counted.store);
      counted.writes = 0;
      await expect(restoreStore(counted.store, lines)).rejects.toMatchObject({
        code: 'RECORDS_EXIST',
        count: 1,
      });
      expect(counted.writes).toBe(0);
      expect(await contentOf(counted.store)).toEqual(before);
    }
  });

  it('[A8] with `skip` leaves what exists, and with `replace` writes over it', async () => {
    const original = await filled();
    const lines = await toArray(backupStore(original));
    const make = async () => {
      const store = createMemoryStore();
      await put(store, ['z'], 'mine', 9_000_000);
      await store.logs.append(['log'], [{ id: 'other', body: 'mine' }]);
      return store;
    };
    const kept = await make();
    const report = await restoreStore(kept, lines, { onExisting: 'skip', clock: createSettableClock() });
    expect(report.skipped).toEqual([
      { kind: 'document', key: ['z'] },
      { kind: 'log', key: ['log'] },
    ]);
    expect((await kept.documents.get(['z']))?.value).toBe('mine');
    expect(await kept.logs.head(['log'])).toMatchObject({ seq: 1 });
    expect((await kept.documents.get(['users', 'ada']))?.value).toMatchObject({ name: 'Ada' });

    const clock = createSettableClock();
    const replaced = createMemoryStore({ clock });
    await put(replaced, ['z'], 'mine', 9_000_000);
    await replaced.logs.append(['log'], [{ id: 'other', body: 'mine' }]);
    await restoreStore(replaced, lines, { onExisting: 'replace', clock });
    expect(await contentOf(replaced)).toEqual(await contentOf(original));
  });

  it('[A8] that was interrupted at any write is completed by a repeat with `skip`, also after lost answers', async () => {
    const clock = createSettableClock();
    const original = await filled(clock);
    const lines = await toArray(backupStore(original, { clock }));
    for (const applied of [false, true]) {
      for (let stopAt = 0; stopAt < 7; stopAt++) {
        const store = createMemoryStore({ clock });
        let left = stopAt;
        const failing =
          <T extends unknown[], R>(run: (...args: T) => Promise<R>) =>
          async (...args: T) => {
            if (left-- === 0) {
              if (applied) await run(...args);
              throw new StoreUnavailableError('for a test');
            }
            return run(...args);
          };
        const unreliable: Store = {
          ...store,
          documents: { ...store.documents, put: failing(store.documents.put) },
          logs: { ...store.logs, append: failing(store.logs.append) },
        };
        await expect(restoreStore(unreliable, lines, { clock })).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
        });
        await restoreStore(unreliable, lines, { clock, onExisting: 'skip' });
        expect(await contentOf(store)).toEqual(await contentOf(original));
        const repeated = await restoreStore(store, lines, { clock, onExisting: 'skip' });
        expect(repeated).toMatchObject({ documents: 0, logs: 0, entries: 0 });
      }
    }
  });

  it('with `skip` continues a log that is the beginning of the one in the backup, and no other one', async () => {
    const lines = await toArray(backupStore(await filled()));
    const clock = createSettableClock();
    for (const [existing, seq] of [
      [entries(1, 1), 250],
      [entries(1, 130), 250],
      [entries(1, 251), 251],
      [entries(101, 200), 100],
      [[...entries(1, 129), { id: 'other', body: 1 }], 130],
    ] as const) {
      const store = createMemoryStore({ clock });
      await store.logs.append(['log'], existing);
      const report = await restoreStore(store, lines, { clock, onExisting: 'skip' });
      expect(await store.logs.head(['log'])).toMatchObject({ seq });
      const added = seq - existing.length;
      expect(report).toMatchObject({ entries: 1 + added, logs: added > 0 ? 2 : 1 });
      expect(report.skipped).toEqual(added > 0 ? [] : [{ kind: 'log', key: ['log'] }]);
      const ids = (await toArray(store.logs.read(['log']))).map(({ id }) => id);
      expect(ids.slice(0, existing.length)).toEqual(existing.map(({ id }) => id));
    }
  });

  it('leaves out what has expired since the backup', async () => {
    const clock = createSettableClock();
    const lines = await toArray(backupStore(await filled(clock), { clock }));
    clock.time += 5000;
    const restored = createMemoryStore({ clock });
    expect(await restoreStore(restored, lines, { clock })).toMatchObject({
      documents: 2,
      expired: 1,
      logs: 2,
    });
    clock.time += 55_000;
    const later = createMemoryStore({ clock });
    expect(await restoreStore(later, lines, { clock })).toMatchObject({ documents: 2, expired: 2, logs: 1 });
    expect(await later.logs.head(['log'])).toBeUndefined();
  });

  it('[A8] refuses a backup that was cut off or changed anywhere, and writes nothing', async () => {
    const text = (await toArray(backupStore(await filled()))).join('');
    const refused = async (bad: string) => {
      const counted = countingWrites();
      await expect(restoreStore(counted.store, [bad])).rejects.toMatchObject({ code: 'INVALID_IMPORT' });
      expect(counted.writes).toBe(0);
    };
    await refused('');
    const position = fc.nat(text.length - 2);
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        await refused(text.slice(0, at));
        const other = String.fromCharCode(text.charCodeAt(at) ^ flip);
        await refused(text.slice(0, at) + other + text.slice(at + 1));
      }),
      { numRuns: 150 },
    );
  });

  it('[A8] refuses hostile lines by their number, without showing what they hold', async () => {
    const lines = await toArray(backupStore(await filled()));
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const hostile: readonly [at: number, line: string][] = [
      [0, '{"format":"loci-backup","version":2,"id":"i","createdAt":1,"prefix":[]}'],
      [0, '{"format":"loci-thread","version":1}'],
      [0, '{"__proto__":{"format":"loci-backup","version":1,"id":"i","createdAt":1,"prefix":[]}}'],
      [1, '{"type":"document","key":["SECRET"],"value":'],
      [1, '{"type":"__proto__","key":["SECRET"],"value":1}'],
      [1, '{"type":"document","key":[],"value":"SECRET"}'],
      [1, '{"type":"document","key":["\\ud800SECRET"],"value":1}'],
      [1, '{"type":"document","key":["SECRET"],"__proto__":{"value":1}}'],
      [1, `{"type":"document","key":["SECRET"],"value":${deep}}`],
      [1, '{"type":"document","key":["SECRET"],"value":{"SECRET":1e999}}'],
      [1, '{"type":"document","key":["SECRET"],"value":1,"expiresAt":-1}'],
      [1, '{"type":"entries","from":1,"entries":[{"id":"SECRET","body":1}]}'],
      [5, '{"type":"entries","from":1e300,"entries":[{"id":"SECRET","body":1}]}'],
      [5, '{"type":"entries","from":1,"entries":[]}'],
      [5, '{"type":"entries","from":1,"entries":[{"id":"SECRET","body":1},{"id":"SECRET","body":1}]}'],
      [5, '{"type":"document","key":["SECRET"],"value":1}'],
      [2, lines[1] as string],
      [lines.length, '{"type":"document","key":["zz","SECRET"],"value":1}'],
      [lines.length - 1, '{"type":"end","documents":0,"logs":0,"entries":0,"unreadable":[],"checksum":""}'],
    ];
    for (const [at, line] of hostile) {
      const counted = countingWrites();
      const error = await restoreStore(counted.store, [
        ...lines.slice(0, at),
        `${line.trim()}\n`,
        ...lines.slice(at + 1),
      ]).catch((reason: unknown) => reason);
      expect(error, line.slice(0, 100)).toMatchObject({ code: 'INVALID_IMPORT', line: at + 1 });
      expect(String(error)).not.toContain('SECRET');
      expect(counted.writes).toBe(0);
    }
    expect(({} as { value?: unknown }).value).toBeUndefined();
  });

  it('accepts only a source that can be read twice, and says where the second reading differs', async () => {
    const lines = await toArray(backupStore(await filled()));
    const once = lines[Symbol.iterator]() as never;
    await expect(restoreStore(createMemoryStore(), once)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    let opened = 0;
    const changing = () => (opened++ === 0 ? lines : lines.slice(0, 2));
    await expect(restoreStore(createMemoryStore(), changing)).rejects.toMatchObject({
      code: 'BACKUP_CHANGED',
      line: 3,
    });
    const others = await toArray(backupStore(await filled()));
    const counted = countingWrites();
    let times = 0;
    await expect(restoreStore(counted.store, () => (times++ === 0 ? lines : others))).rejects.toMatchObject({
      code: 'BACKUP_CHANGED',
      line: 2,
    });
    expect(counted.writes).toBe(0);
  });
});
