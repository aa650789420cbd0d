import { createMemoryStore, createMessage, messageText, redactText, type Store } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { createTestClock, scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deleteInactiveConversations, newConversationId, openConversation } from '../src/index.js';
import { stores } from './stores.js';

const say = (...texts: string[]) => texts.map((content) => ({ role: 'user', content }) as const);
const texts = (messages: readonly Parameters<typeof messageText>[0][]) => messages.map(messageText);

/** Notes the keys that are read and how many log entries. */
function noting(store: Store) {
  const keys: string[][] = [];
  let entries = 0;
  const note = <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      keys.push([...(args[0] as readonly string[])]);
      return call(...args);
    };
  };
  const { documents, logs } = store;
  const noted: Store = {
    ...store,
    documents: { ...documents, get: note(documents.get), list: note(documents.list) },
    logs: {
      ...logs,
      head: note(logs.head),
      list: note(logs.list),
      async *read(key, options) {
        keys.push([...key]);
        for await (const entry of logs.read(key, options)) {
          entries++;
          yield entry;
        }
      },
    },
  };
  return { store: noted, keys, entries: () => entries };
}

describe.each(stores)('on %s', (_, createStore) => {
  it('[G12] times and the count of messages are kept by themselves', async () => {
    const clock = createTestClock(1000);
    const store = createMemoryStore({ clock });
    const conversation = openConversation({ store, id: 'conv_123', clock });
    const nothing = { id: 'conv_123', createdAt: null, lastActivityAt: null, messageCount: 0 };
    expect(await conversation.record()).toEqual(nothing);
    const stored = await conversation.append(say('Hello!', 'Anybody there?'));
    expect(stored.map(({ createdAt, role }) => [createdAt, role])).toEqual([
      [1000, 'user'],
      [1000, 'user'],
    ]);
    await clock.advance(500);
    await conversation.append([{ role: 'assistant', content: 'Yes.' }]);
    const record = { id: 'conv_123', createdAt: 1000, lastActivityAt: 1500, messageCount: 3 };
    expect(await conversation.record()).toEqual(record);
    expect(await openConversation({ store, id: 'conv_123' }).record()).toEqual(record);
  });

  it('[G12] the record costs what was appended since, and not what the history is long', async () => {
    const noted = noting(createStore());
    const first = openConversation({ store: noted.store, id: 'long' });
    await first.append(Array.from({ length: 500 }, (_, index) => say(`${index}`)[0] as never));
    expect((await first.record()).messageCount).toBe(500);
    const costs: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await first.append(say('more'));
      const before = noted.entries();
      // Another process goes on from where this one was.
      const reader = turn === 1 ? openConversation({ store: noted.store, id: 'long' }) : first;
      expect((await reader.record()).messageCount).toBe(501 + turn);
      costs.push(noted.entries() - before);
    }
    expect(costs.every((cost) => cost <= 2)).toBe(true);
  });

  it('[G12] the record is made anew where the log was, and where it is damaged', async () => {
    const store = createStore();
    const conversation = openConversation({ store, id: 'a' });
    await conversation.append(say('one', 'two'));
    expect((await conversation.record()).messageCount).toBe(2);
    const recordKey = ['loci', 'conversations', 'a', 'record'];
    const whole = await store.documents.get(recordKey);
    expect(whole?.value).toMatchObject({ format: 'loci-conversation', version: 1, messageCount: 2 });
    for (const damaged of [null, 'text', { ...(whole?.value as object), messageCount: -1 }]) {
      await store.documents.put(recordKey, damaged, { expect: 'any', operationId: crypto.randomUUID() });
      expect((await openConversation({ store, id: 'a' }).record()).messageCount).toBe(2);
    }
    await conversation.delete();
    expect((await conversation.record()).messageCount).toBe(0);
    await openConversation({ store, id: 'a' }).append(say('anew'));
    expect((await conversation.record()).messageCount).toBe(1);
    const newer = { format: 'loci-conversation', version: 2, of: 'the future' };
    await store.documents.put(recordKey, newer, { expect: 'any', operationId: 'newer' });
    expect((await openConversation({ store, id: 'a' }).record()).messageCount).toBe(1);
    expect((await store.documents.get(recordKey))?.value).toEqual(newer);
  });

  it('[G12] the history is the newest messages up to the limit, and reads no further', async () => {
    const noted = noting(createStore());
    const conversation = openConversation({ store: noted.store, id: 'a', historyLimit: 3 });
    await conversation.append(Array.from({ length: 400 }, (_, index) => say(`${index}`)[0] as never));
    const before = noted.entries();
    expect(texts(await conversation.history())).toEqual(['397', '398', '399']);
    expect(noted.entries() - before).toBeLessThan(50);
    expect(texts(await conversation.history({ limit: 1 }))).toEqual(['399']);
    expect(await conversation.history({ limit: 1000 })).toHaveLength(400);
    const wrong = conversation.history({ limit: 0 });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'options.limit' });
  });

  it('[G12] preferences belong to the user, attributes to the conversation', async () => {
    const store = createStore();
    const schemas = {
      preferences: { schema: z.object({ tone: z.enum(['casual', 'formal']) }), initial: { tone: 'formal' } },
      attributes: { schema: z.object({ topic: z.string().nullable() }), initial: { topic: null } },
    } as const;
    const one = openConversation({ store, id: 'one', userId: 'alice', ...schemas });
    await one.preferences?.update((draft) => {
      draft.tone = 'casual';
    });
    await one.attributes.set({ topic: 'billing' });
    const two = openConversation({ store, id: 'two', userId: 'alice', ...schemas });
    expect(await two.preferences?.get()).toEqual({ tone: 'casual' });
    expect(await two.attributes.get()).toEqual({ topic: null });
    const other = openConversation({ store, id: 'three', userId: 'bob', ...schemas });
    expect(await other.preferences?.get()).toEqual({ tone: 'formal' });
    expect(openConversation({ store, id: 'four' })).not.toHaveProperty('preferences');
    await one.delete();
    expect(await two.preferences?.get()).toEqual({ tone: 'casual' });
    expect(await openConversation({ store, id: 'one', ...schemas }).attributes.get()).toEqual({
      topic: null,
    });
  });

  it('[G5] opening a conversation reads nothing of another, whatever its id looks like', async () => {
    const noted = noting(createStore());
    const ids = ['a', '*', 'a*', '../a', 'a/record', 'record', '__proto__', '', 'a\0'];
    for (const id of ids) {
      const conversation = openConversation({ store: noted.store, id });
      await conversation.append(say(`message of ${id}`));
      await conversation.attributes.update((draft) => {
        draft['of'] = id;
      });
    }
    for (const id of ids) {
      noted.keys.length = 0;
      const conversation = openConversation({ store: noted.store, id });
      expect(texts(await conversation.history())).toEqual([`message of ${id}`]);
      expect(texts((await conversation.thread.view()).messages)).toEqual([`message of ${id}`]);
      expect(await conversation.attributes.get()).toEqual({ of: id });
      expect((await conversation.record()).messageCount).toBe(1);
      expect(noted.keys.length).toBeGreaterThan(0);
      expect(noted.keys.every((key) => key[2] === id)).toBe(true);
    }
  });

  it('[G12] turns of a model with memory count and show when they are completed', async () => {
    const store = createStore();
    const conversation = openConversation({ store, id: 'chat' });
    await conversation.append(say('before'));
    const model = scriptedModel([{ text: 'Hello Ada.' }, { error: new Error('down') }, { text: 'Rex.' }]);
    const chat = withMemory(model, { thread: conversation.thread, contextWindow: 8000 });
    const ask = (content: string) => chat.generate({ messages: [createMessage({ role: 'user', content })] });
    await ask('I am Ada.');
    expect((await conversation.record()).messageCount).toBe(3);
    await expect(ask('This fails.')).rejects.toThrow();
    await ask('My dog?');
    const history = texts(await conversation.history());
    expect(history).toEqual(['before', 'I am Ada.', 'Hello Ada.', 'My dog?', 'Rex.']);
    expect((await conversation.record()).messageCount).toBe(history.length);
    expect(texts((await conversation.thread.view()).messages)).toEqual(history);
  });

  it('[G12] what is cleared or redacted is not in the history, and a revert brings back what was cleared', async () => {
    const store = createStore();
    const { thread, append, history } = openConversation({ store, id: 'a' });
    const [, secret] = await append(say('one', 'secret', 'three'));
    await thread.redact([secret?.id ?? '']);
    expect(texts(await history())).toEqual(['one', 'three']);
    const cleared = await thread.clear();
    await append(say('four'));
    expect(texts(await history())).toEqual(['four']);
    await thread.revert(cleared);
    expect(texts(await history())).toEqual(['one', 'three', 'four']);
  });

  it('[G12] turns that overlap are shown one after the other, in the order of their completion', async () => {
    const { thread, append, history, record } = openConversation({ store: createStore(), id: 'a' });
    const mark = (turnId: string, state: object, end: string) =>
      ({ id: `${turnId}.${end}`, version: 1, turnId, kind: 'turn', data: state }) as never;
    const started = (turnId: string) =>
      mark(turnId, { state: 'started', owner: 'o', leaseUntil: 0 }, 'start');
    const ended = (turnId: string, state = 'completed') => mark(turnId, { state, reason: 'r' }, 'end');
    const message = (turnId: string, text: string) => {
      const data = createMessage({ role: 'user', content: text });
      return { id: data.id, version: 1, turnId, kind: 'message', data } as never;
    };
    await append(say('first'));
    await thread.append([started('x'), message('x', 'x1'), started('y'), message('y', 'y1')]);
    await thread.append([started('lost'), message('lost', 'never')]);
    await thread.append([message('x', 'x2'), ended('y'), started('z'), message('z', 'open')]);
    expect([(await record()).messageCount, texts(await history())]).toEqual([2, ['first', 'y1']]);
    await thread.append([message('x', 'x3'), ended('lost', 'failed'), ended('x')]);
    expect((await record()).messageCount).toBe(5);
    expect(texts(await history())).toEqual(['first', 'y1', 'x1', 'x2', 'x3']);
    expect(texts(await history({ limit: 2 }))).toEqual(['x2', 'x3']);
    expect(texts(await history({ limit: 4 }))).toEqual(['y1', 'x1', 'x2', 'x3']);
  });
});

it('[G12] a conversation is forgotten as one, ttlMs after its newest message', async () => {
  const clock = createTestClock();
  const store = createMemoryStore({ clock });
  const conversation = openConversation({ store, id: 'a', userId: 'alice', clock, ttlMs: 1000 });
  await conversation.attributes.set({ topic: 'billing' });
  await conversation.preferences?.set({ tone: 'casual' });
  for (let index = 0; index < 5; index++) {
    await conversation.append(say(`${index}`));
    await clock.advance(600);
  }
  expect(await conversation.attributes.get()).toEqual({ topic: 'billing' });
  expect((await conversation.record()).messageCount).toBe(5);
  await clock.advance(1001);
  expect(await conversation.attributes.get()).toEqual({});
  expect(await conversation.history()).toEqual([]);
  expect((await conversation.record()).messageCount).toBe(0);
  expect(await conversation.preferences?.get()).toEqual({ tone: 'casual' });
});

it('[G8] conversations are deleted by the age of their last activity, each as one and in bounded batches', async () => {
  const clock = createTestClock();
  const store = createMemoryStore({ clock });
  const open = (id: string) => openConversation({ store, id, userId: 'alice', clock });
  for (const id of ['old-1', 'old-2', 'old-3', 'written', 'changed']) {
    await open(id).append(say(id));
    await open(id).attributes.set({ of: id });
    await open(id).record();
  }
  await open('no messages').attributes.set({ of: 'nobody' });
  await open('old-1').preferences?.set({ tone: 'casual' });
  await clock.advance(5000);
  await open('written').append(say('again'));
  await open('changed').attributes.set({ of: 'changed', again: true });
  await open('new').append(say('new'));
  const clean = (limit: number) => deleteInactiveConversations(store, { olderThanMs: 5000, limit, clock });
  expect(await clean(2)).toEqual({ deleted: ['old-1', 'old-2'], more: true });
  expect(await clean(2)).toEqual({ deleted: ['old-3', 'no messages'], more: false });
  expect(await clean(2)).toEqual({ deleted: [], more: false });
  for (const id of ['old-1', 'old-2', 'old-3', 'no messages']) {
    expect(await open(id).attributes.get()).toEqual({});
    expect(await open(id).record()).toMatchObject({ messageCount: 0 });
  }
  expect(await open('written').attributes.get()).toEqual({ of: 'written' });
  expect(texts(await open('written').history())).toEqual(['written', 'again']);
  expect(texts(await open('changed').history())).toEqual(['changed']);
  expect(await open('old-1').preferences?.get()).toEqual({ tone: 'casual' });
  for (const [path, wrong] of [
    ['options.olderThanMs', { olderThanMs: 0 }],
    ['options.limit', { olderThanMs: 1, limit: 0 }],
  ] as const)
    await expect(deleteInactiveConversations(store, wrong)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path,
    });
});

it('[A11] messages, attributes and preferences are redacted before they are stored', async () => {
  const written: unknown[] = [];
  const store = createMemoryStore();
  const noted: Store = {
    ...store,
    documents: {
      ...store.documents,
      put(...args) {
        written.push(args[1]);
        return store.documents.put(...args);
      },
    },
    logs: {
      ...store.logs,
      append(...args) {
        written.push(args[1]);
        return store.logs.append(...args);
      },
    },
  };
  const redact = redactText((text) => text.replaceAll('canary-7141', '[removed]'));
  const conversation = openConversation({ store: noted, id: 'a', userId: 'alice', redact });
  const stored = await conversation.append(say('a canary-7141'));
  await conversation.attributes.set({ secret: 'canary-7141' });
  await conversation.preferences?.set({ secret: 'canary-7141' });
  await conversation.record();
  expect(texts(stored)).toEqual(['a [removed]']);
  expect(written).toHaveLength(4);
  expect(JSON.stringify(written)).not.toContain('canary-7141');
});

it('[G12] ids begin with their user and are never the same', () => {
  expect(newConversationId('alice')).toMatch(/^alice-.{8,}$/);
  expect(newConversationId('alice')).not.toBe(newConversationId('alice'));
  expect(newConversationId(undefined, () => 'seven')).toBe('seven');
  const made = openConversation({ store: createMemoryStore(), userId: 'alice' });
  expect(made.id).toMatch(/^alice-/);
});

it.each([
  ['options', undefined],
  ['options.store', { store: {} }],
  ['options.historyLimit', { historyLimit: 0 }],
  ['options.ttlMs', { ttlMs: -1 }],
  ['options.redact', { redact: 'x' }],
  ['options.clock', { clock: {} }],
  ['options.randomId', { randomId: 'x' }],
  ['options.attributes.schema', { attributes: { schema: {}, initial: {} } }],
  [
    'options.preferences.maxBytes',
    { userId: 'u', preferences: { schema: z.json(), initial: 1, maxBytes: 0 } },
  ],
])('%s that cannot be used is refused at once: %o', (path, wrong) => {
  const options = wrong && { store: createMemoryStore(), id: 'a', ...wrong };
  expect(() => openConversation(options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', path }),
  );
});

it('ids that are no segment of a key are refused at once', () => {
  const store = createMemoryStore();
  const ids = ['x'.repeat(513), '\ud800', 7];
  for (const id of ids) {
    const refused = expect.objectContaining({ code: 'INVALID_KEY' });
    expect(() => openConversation({ store, id: id as string })).toThrow(refused);
    expect(() => openConversation({ store, id: 'a', userId: id as string })).toThrow(refused);
  }
});

it('messages that cannot be stored are refused, and nothing is', async () => {
  const conversation = openConversation({ store: createMemoryStore(), id: 'a' });
  const nothing = conversation.append([]);
  await expect(nothing).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'messages' });
  const redact = redactText((text) => text);
  const redacting = openConversation({ store: createMemoryStore(), id: 'a', redact });
  const wrong = [
    { role: 'nobody', content: 'x' },
    { role: 'user' },
    { role: 'user', content: 7 },
    null,
    'text',
  ];
  for (const message of wrong) {
    for (const { append } of [conversation, redacting]) {
      const call = append([...say('fine'), message as never]);
      await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  }
  expect(await conversation.history()).toEqual([]);
});
