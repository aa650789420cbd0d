import { describe, expect, it } from 'vitest';
import { chatTurn, completed, ids, messageEntry, started, turnEntry } from '../../test/entries.js';
import { dump } from '../../test/stores.js';
import { createMessage, messageText } from '../message/create-message.js';
import { createMemoryStore } from '../store/memory-store.js';
import type { Shape } from './entry.js';
import { openThread } from './open-thread.js';
import type { Thread, View } from './thread.js';

const key = ['t'];

function shapeOf(view: View, through: number, summary?: string): Shape {
  const last = view.messages[through];
  if (!last) throw new Error('no such message');
  return {
    covers: view.coverage(last),
    hash: '',
    keep: [],
    ...(summary === undefined ? {} : { summary: createMessage({ role: 'user', content: summary }) }),
  };
}

async function withTurns(count: number) {
  const store = createMemoryStore();
  const thread = openThread({ store, key });
  for (let turn = 0; turn < count; turn++) await thread.append(chatTurn(`t${turn}`, `fact ${turn}`, 'heard'));
  return { store, thread };
}

const texts = (view: View) => view.messages.map(messageText);

describe('reshape', () => {
  it('keeps what was appended while the summary was made', async () => {
    const { thread } = await withTurns(6);
    const view = await thread.view();
    await thread.append(chatTurn('late', 'appended meanwhile', 'heard'));
    expect(await thread.reshape(view, shapeOf(view, 7, 'S'), 'one')).toBe('applied');
    const after = await thread.view();
    expect(messageText(after.summary ?? { content: [] })).toBe('S');
    expect(texts(after)).toEqual(['fact 4', 'heard', 'fact 5', 'heard', 'appended meanwhile', 'heard']);
    expect(after.summary?.id).toBe('one');
  });

  it('applies one of two, and never stores the text of the other', async () => {
    const { store, thread } = await withTurns(4);
    const other = openThread({ store, key });
    const view = await thread.view();
    const same = await other.view();
    const results = await Promise.all([
      thread.reshape(view, shapeOf(view, 3, 'summary of the one'), 'a'),
      other.reshape(same, shapeOf(same, 5, 'summary of the other'), 'b'),
    ]);
    expect(results.toSorted()).toEqual(['applied', 'stale']);
    const stored = await dump(store, key);
    expect(stored.match(/summary of the/g)).toHaveLength(1);
  });

  it('is recognised when it is repeated after a lost answer, also where something shaped the thread since', async () => {
    const { store, thread } = await withTurns(4);
    const view = await thread.view();
    const shape = shapeOf(view, 3, 'S');
    expect(await thread.reshape(view, shape, 'one')).toBe('applied');
    expect(await openThread({ store, key }).reshape(view, shape, 'one')).toBe('applied');
    await thread.clear();
    expect(await thread.reshape(view, shape, 'one')).toBe('applied');
    expect(await thread.reshape(view, shape, 'another')).toBe('stale');
    expect((await dump(store, key)).match(/"overlay"/g)).toHaveLength(1);
  });

  it('loses against a clear, which `revert` undoes', async () => {
    const { thread } = await withTurns(3);
    const first = await thread.view();
    await thread.reshape(first, shapeOf(first, 1, 'S'), 'one');
    const view = await thread.view();
    const clear = await thread.clear();
    expect(await thread.reshape(view, shapeOf(view, 1), 'late')).toBe('stale');
    expect(await thread.view()).toMatchObject({ messages: [], kept: [], summary: undefined });
    await thread.revert(clear);
    const again = await thread.view();
    expect(again.summary?.id).toBe('one');
    expect(texts(again)).toEqual(['fact 1', 'heard', 'fact 2', 'heard']);
    await thread.revert('one');
    expect((await thread.view()).messages).toHaveLength(6);
  });

  it('hides exactly what it covers, also where the cut falls inside a turn', async () => {
    const { thread } = await withTurns(4);
    const view = await thread.view();
    await thread.reshape(view, shapeOf(view, 4), 'o');
    expect((await thread.view()).messages).toEqual(view.messages.slice(5));
  });

  it('inside an open turn counts for that turn alone, until the turn completes', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    await thread.append([
      turnEntry('T', started),
      ...['a', 'b', 'c'].map((id) => messageEntry(id, id, { turnId: 'T' })),
    ]);
    const view = await thread.view({ turnId: 'T' });
    await thread.reshape(view, shapeOf(view, 1, 'a and b'), 'ov');
    expect((await thread.view({ turnId: 'T' })).messages).toHaveLength(1);
    expect((await thread.view()).summary).toBeUndefined();
    await thread.append([turnEntry('T', completed)]);
    const done = await thread.view();
    expect(ids(done.messages)).toEqual(['c']);
    expect(messageText(done.summary ?? { content: [] })).toBe('a and b');
  });

  it('keeps pinned messages that the shaper forgot, through any number of shapes, until they are unpinned', async () => {
    const { thread } = await withTurns(1);
    await thread.append([messageEntry('rule', 'never delete files', { pinned: true })]);
    await thread.append(chatTurn('x', 'pin me later', 'heard'));
    await thread.pin('x.0');
    const before = (await thread.view()).messages.filter((message) => ['rule', 'x.0'].includes(message.id));
    for (let round = 0; round < 20; round++) {
      await thread.append(chatTurn(`r${round}`, `more ${round}`, 'heard'));
      const view = await thread.view();
      expect(await thread.reshape(view, shapeOf(view, view.messages.length - 1, 'S'), `s${round}`)).toBe(
        'applied',
      );
    }
    const cold = await openThread({ store: (await withTurns(0)).store, key }).view();
    expect(cold.messages).toEqual([]);
    const view = await thread.view();
    expect(JSON.stringify(view.kept)).toBe(JSON.stringify(before));
    expect(view.pinned).toEqual(new Set(['rule', 'x.0']));
    await thread.pin('rule', false);
    expect(ids((await thread.view()).kept)).toEqual(['x.0']);
  });

  it('refuses to name a message that is not in the view', async () => {
    const { thread } = await withTurns(1);
    const view = await thread.view();
    const stranger = createMessage({ role: 'user', content: 'x' });
    expect(() => view.ref(stranger)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => view.coverage(stranger)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    await expect(thread.pin('nobody')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('at and fork', () => {
  it('show the thread as it was, and go their own way', async () => {
    const { store, thread } = await withTurns(3);
    const view = await thread.view();
    await thread.reshape(view, shapeOf(view, 3, 'S'), 'one');
    await thread.append(chatTurn('late', 'later', 'heard'));
    expect(texts(await thread.at(view.seq).view())).toEqual(texts(view));
    const now = await thread.view();
    const fork = await thread.fork(now.seq, ['copy']);
    expect((await fork.view()).messages).toEqual(now.messages);
    expect((await fork.view()).summary).toEqual(now.summary);
    await fork.append(chatTurn('own', 'only here', 'heard'));
    expect(texts(await thread.view())).not.toContain('only here');
    await openThread({ store, key: ['taken'] }).append([messageEntry('m', 'mine')]);
    await expect(thread.fork(3, ['taken'])).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(thread.fork(1000, ['other'])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await store.logs.head(['other'])).toBeUndefined();
  });

  it('keep the times of the first write in a fork', async () => {
    let now = 1000;
    const clock = { now: () => now, after: () => () => {} };
    const thread: Thread = openThread({ store: createMemoryStore({ clock }), key });
    await thread.append([messageEntry('m', 'x')]);
    now = 5000;
    const fork = await thread.fork(1, ['copy']);
    for await (const entry of fork.entries()) expect(entry.at).toBe(1000);
  });
});
