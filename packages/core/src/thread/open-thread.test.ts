import { describe, expect, it } from 'vitest';
import { chatTurn, messageEntry, started, turnEntry } from '../../test/entries.js';
import { createMemoryStore } from '../store/memory-store.js';
import type { LogAppend } from '../store/store.js';
import { openThread } from './open-thread.js';

const key = ['t'];

describe('a thread', () => {
  it.each([
    ['a message under another id', { ...messageEntry('a', 'x'), id: 'b' }, 'entries[0].entry.data.id'],
    ['a turn mark under another id', turnEntry('T', started, 'x'), 'entries[0].entry.id'],
    ['an empty id', { ...messageEntry('a', 'x'), id: '' }, 'entries[0].id'],
    [
      'a part of no known type',
      {
        ...messageEntry('a', 'x'),
        data: { id: 'a', role: 'user', createdAt: 1, content: [{ type: 'sound' }] },
      },
      'entries[0].entry.data.content[0].type',
    ],
    [
      'an overlay without coverage',
      { id: 'o', version: 1, kind: 'overlay', data: { hash: '', keep: [] } },
      'entries[0].entry.data.covers',
    ],
  ])('refuses %s and stores nothing', async (_, entry, path) => {
    const store = createMemoryStore();
    await expect(openThread({ store, key }).append([entry as never])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path,
    });
    expect(await store.logs.head(key)).toBeUndefined();
  });

  it.each([
    ['a damaged message', { kind: 'message', version: 1, data: { id: 'x', role: 'user' } }, 'DAMAGED_RECORD'],
    ['a body that is no entry', 'text', 'DAMAGED_RECORD'],
    ['a newer version of a core kind', { kind: 'message', version: 2, data: {} }, 'UNKNOWN_VERSION'],
    ['a core kind it does not know', { kind: 'hologram', version: 1, data: {} }, 'UNKNOWN_VERSION'],
  ])('is refused, to read and to write, where it holds %s', async (_, body, code) => {
    const store = createMemoryStore();
    await store.logs.append(key, [{ id: 'x', body } as LogAppend]);
    const thread = openThread({ store, key });
    await expect(thread.view()).rejects.toMatchObject({ code, key });
    await expect(thread.append(chatTurn('t', 'q', 'a'))).rejects.toMatchObject({ code });
    expect(await store.logs.head(key)).toMatchObject({ seq: 1 });
  });

  it('lets kinds of plugins pass, whatever their version', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    await thread.append([
      { id: 'x', version: 99, kind: 'react/step', data: { any: 'thing' } },
      messageEntry('m', 'hi'),
    ]);
    expect((await thread.view()).messages).toHaveLength(1);
  });

  it('begins anew when its log was deleted, for a reader that knew the old one', async () => {
    const store = createMemoryStore();
    const thread = openThread({ store, key });
    await thread.append(chatTurn('old', 'q', 'a'));
    const roles = {
      name: 'roles',
      initial: () => [] as string[],
      apply: (state: string[], entry: { kind: string }) => [...state, entry.kind],
    };
    expect(await thread.fold(roles)).toHaveLength(4);
    await store.logs.delete(key);
    await thread.append([messageEntry('m', 'new')]);
    expect((await thread.view()).messages.map((message) => message.id)).toEqual(['m']);
    expect(await thread.fold(roles)).toEqual(['message']);
  });

  it('folds only what was appended since', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    let applied = 0;
    const count = {
      name: 'count',
      initial: () => 0,
      apply(state: number) {
        applied++;
        return state + 1;
      },
    };
    await thread.append(chatTurn('a', 'q', 'a'));
    expect(await thread.fold(count)).toBe(4);
    await thread.append(chatTurn('b', 'q', 'a'));
    expect(await thread.fold(count)).toBe(8);
    expect(applied).toBe(8);
  });

  it('expires as a whole, counted from its last append', async () => {
    let now = 0;
    const store = createMemoryStore({ clock: { now: () => now, after: () => () => {} } });
    const thread = openThread({ store, key, ttlMs: 100 });
    await thread.append(chatTurn('a', 'q', 'a'));
    now = 80;
    await thread.append(chatTurn('b', 'q', 'a'));
    now = 179;
    expect((await thread.view()).messages).toHaveLength(4);
    now = 180;
    expect((await thread.view()).messages).toHaveLength(0);
  });

  it('refers to no position while entries are only queued', async () => {
    const store = createMemoryStore();
    const queueing: typeof store = {
      ...store,
      logs: {
        ...store.logs,
        async *read(...args) {
          for await (const entry of store.logs.read(...args)) yield { ...entry, pending: true as const };
        },
      },
    };
    const thread = openThread({ store: queueing, key });
    await thread.append(chatTurn('a', 'q', 'a'));
    const view = await thread.view();
    const shape = { covers: view.coverage(view.messages[1] as never), hash: '', keep: [] };
    for (const refused of [
      thread.reshape(view, shape, 'o'),
      thread.fork(2, ['f']),
      thread.at(2).view(),
      thread.redact(['a.0']),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'PENDING' });
    }
  });
});
