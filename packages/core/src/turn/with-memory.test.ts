import { describe, expect, it } from 'vitest';
import { chatTurn, ids } from '../../test/entries.js';
import { assistant, call, promptText, result, scripted, user } from '../../test/models.js';
import { dump, losingAnswers, withAppend } from '../../test/stores.js';
import { StoreUnavailableError } from '../errors/store-unavailable-error.js';
import type { LociEvent } from '../events.js';
import type { Memory } from '../memory/memory.js';
import { createMessage, messageText } from '../message/create-message.js';
import { collectStream } from '../model/collect-stream.js';
import { defineModel } from '../model/define-model.js';
import { ModelError } from '../model/model-error.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openThread } from '../thread/open-thread.js';
import type { Thread } from '../thread/thread.js';
import { estimateCounter } from '../tokens/estimate.js';
import { withMemory } from './with-memory.js';

const key = ['t'];
const look = { name: 'look', description: 'looks', inputSchema: { type: 'object' } };

function fresh() {
  const store = createMemoryStore();
  return { store, thread: openThread({ store, key }) };
}
async function entryCount(thread: Thread): Promise<number> {
  let count = 0;
  for await (const _ of thread.entries()) count++;
  return count;
}
const texts = async (thread: Thread) => (await thread.view()).messages.map(messageText);

describe('withMemory, given what is new', () => {
  it('puts what was said before into the next prompt, also from another process', async () => {
    const { store, thread } = fresh();
    await withMemory(scripted(), { thread }).generate({ messages: [user('My dog is called Rex.')] });
    const model = scripted();
    await withMemory(model, { thread: openThread({ store, key }) }).generate({
      messages: [user('What is my dog called?')],
    });
    expect(promptText(model.asked[0])).toBe(
      'user: My dog is called Rex.\nassistant: ok\nuser: What is my dog called?',
    );
  });

  it('[D10] stores a turn in one append, and the message ids are the entry ids', async () => {
    const { store, thread } = fresh();
    let appends = 0;
    const counted = openThread({
      store: withAppend(store, (append) => {
        appends++;
        return append();
      }),
      key,
    });
    const response = await withMemory(scripted(), { thread: counted }).generate({ messages: [user('hi')] });
    expect(appends).toBe(1);
    const stored = [];
    for await (const entry of thread.entries()) stored.push(entry);
    expect(stored.map((entry) => entry.kind)).toEqual(['turn', 'message', 'message', 'call', 'turn']);
    const messages = (await thread.view()).messages;
    expect(messages.at(-1)).toEqual(response.message);
    expect(stored.filter((entry) => entry.kind === 'message').map((entry) => entry.id)).toEqual(
      ids(messages),
    );
    expect(stored[3]).toMatchObject({
      data: { recalled: [], model: 'scripted/script', usage: { input: 10 } },
    });
  });

  it('[D10] leaves nothing to see of a turn whose model fails, is left early or is aborted, and a retry does not pile up', async () => {
    const { thread } = fresh();
    const failing = defineModel({
      ...scripted(),
      async *stream() {
        yield { type: 'text-delta', partIndex: 0, text: 'half an ans' };
        throw new ModelError('cut', { kind: 'truncated', scope: 'model', retry: 'other' });
      },
    });
    const events: LociEvent[] = [];
    const chat = withMemory(failing, { thread, onEvent: (event) => events.push(event) });
    const error = await chat.generate({ messages: [user('lost?')] }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'truncated', partial: { content: [{ text: 'half an ans' }] } });
    for await (const _ of chat.stream({ messages: [user('abandoned')] })) break;
    const controller = new AbortController();
    const pending = withMemory(
      scripted(() => 'late'),
      { thread },
    );
    await withMemory(
      defineModel({
        ...scripted(),
        // biome-ignore lint/correctness/useYield: it waits for the abort
        async *stream(_, { signal }) {
          controller.abort(new Error('stop'));
          signal?.throwIfAborted();
        },
      }),
      { thread },
    )
      .generate({ messages: [user('aborted')] }, { signal: controller.signal })
      .catch((caught: unknown) =>
        expect(caught).toMatchObject({ kind: 'aborted', cause: { message: 'stop' } }),
      );
    expect(await texts(thread)).toEqual([]);
    expect(events.map((event) => event.type === 'turn-failed' && event.reason)).toEqual([
      'truncated',
      'abandoned',
    ]);
    await pending.generate({ messages: [user('again')] });
    expect(await texts(thread)).toEqual(['again', 'late']);
  });

  it('yields `finish` only after the turn is durable', async () => {
    const { thread } = fresh();
    for await (const event of withMemory(scripted(), { thread }).stream({ messages: [user('hi')] })) {
      if (event.type === 'text-delta') expect(await entryCount(thread)).toBe(0);
      if (event.type === 'finish') expect(await texts(thread)).toEqual(['hi', 'ok']);
    }
  });

  it('does not apply a turn twice whose answer was lost', async () => {
    const { store, thread } = fresh();
    let appends = 0;
    const chat = withMemory(scripted(), {
      thread: openThread({ store: losingAnswers(store, () => appends++ % 2 === 0), key }),
    });
    for (let round = 0; round < 20; round++) await chat.generate({ messages: [user(`round ${round}`)] });
    expect((await texts(thread)).filter((text) => text !== 'ok')).toEqual(
      Array.from({ length: 20 }, (_, round) => `round ${round}`),
    );
  });

  it('gives the answer along when the turn could not be saved', async () => {
    const { store, thread } = fresh();
    const broken = withAppend(store, () => Promise.reject(new StoreUnavailableError('full')));
    const events: LociEvent[] = [];
    const error = await withMemory(scripted(), {
      thread: openThread({ store: broken, key }),
      onEvent: (event) => events.push(event),
    })
      .generate({ messages: [user('hi')] })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'TURN_NOT_SAVED',
      response: { message: { content: [{ text: 'ok' }] } },
      cause: { code: 'STORE_UNAVAILABLE' },
    });
    expect(await entryCount(thread)).toBe(0);
    expect(events.map((event) => event.type)).toEqual(['turn-close-failed']);
  });

  it('keeps a tool run as one turn over two calls, in one append each', async () => {
    const { store, thread } = fresh();
    let appends = 0;
    const counted = openThread({
      store: withAppend(store, (append) => {
        appends++;
        return append();
      }),
      key,
    });
    const model = scripted((request) => (request.messages.at(-1)?.role === 'tool' ? 'sunny' : [call('c')]));
    const chat = withMemory(model, { thread: counted });
    await chat.generate({ messages: [user('weather?')], tools: [look] });
    expect((await thread.view()).messages).toEqual([]);
    const elsewhere = withMemory(model, { thread: openThread({ store, key }) });
    await elsewhere.generate({ messages: [result('c')], tools: [look] });
    expect(appends).toBe(1);
    expect((await thread.view()).messages.map((message) => message.role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);
    expect(promptText(model.asked[1])).toBe(
      'user: weather?\nassistant: [tool-call c]\ntool: [tool-result c]',
    );
  });

  it('ends a turn whose tool results never came, and refuses results that nobody asked for', async () => {
    const { thread } = fresh();
    const chat = withMemory(
      scripted((request) => (request.tools ? [call('c'), call('d')] : 'fine')),
      { thread },
    );
    await chat.generate({ messages: [user('weather?')], tools: [look] });
    await expect(chat.generate({ messages: [result('c')] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await chat.generate({ messages: [user('never mind')] });
    expect(await texts(thread)).toEqual(['never mind', 'fine']);
    await expect(chat.generate({ messages: [result('c'), result('d')] })).rejects.toMatchObject({
      code: 'TURN_TAKEN',
      reason: 'unknown',
    });
    expect(await texts(thread)).toEqual(['never mind', 'fine']);
  });

  it('counts each message once, however many turns it stays in sight', async () => {
    const { thread } = fresh();
    let counted = '';
    const counter = {
      ...estimateCounter,
      countText(text: string) {
        counted += `${text}\n`;
        return estimateCounter.countText(text);
      },
    };
    const chat = withMemory(scripted(), { thread, counter });
    for (let turn = 0; turn < 10; turn++) await chat.generate({ messages: [user(`question ${turn}`)] });
    // Once as the turn's own message and once as it is read back from the thread.
    for (let turn = 0; turn < 9; turn++) expect(counted.split(`question ${turn}\n`)).toHaveLength(3);
  });

  it('lets a vendor cache what its steps will send again, and not what is quoted for one call', async () => {
    const lastEnds = async (memory: readonly Memory[]) => {
      const model = scripted((request) => (request.messages.at(-1)?.role === 'tool' ? 'ok' : [call('c1')]));
      const chat = withMemory(model, { thread: fresh().thread, memory });
      await chat.generate({ messages: [user('look')] });
      await chat.generate({ messages: [result('c1')] });
      return model.asked.map(({ messages, cache }) => cache?.prefixEnds.at(-1) === messages.at(-1)?.id);
    };
    const quoting: Memory = {
      name: 'quoting',
      writes: ['state'],
      prepare: async () => ({ state: [{ id: 'todo', text: 'look' }] }),
      observe: async () => undefined,
    };
    expect(await lastEnds([])).toEqual([true, true]);
    expect(await lastEnds([quoting])).toEqual([false, true]);
  });

  it('does not store instructions, and sends them first', async () => {
    const { store, thread } = fresh();
    const model = scripted();
    const chat = withMemory(model, { thread });
    const rules = createMessage({ role: 'system', content: 'Be brief.' });
    for (const text of ['one', 'two']) await chat.generate({ messages: [rules, user(text)] });
    expect(promptText(model.asked[1])).toBe('system: Be brief.\nuser: one\nassistant: ok\nuser: two');
    expect(model.asked[1]?.cache?.prefixEnds[0]).toBe(rules.id);
    expect(await dump(store, key)).not.toContain('Be brief');
  });

  it('refuses a malformed message before anything is stored or asked', async () => {
    const { thread } = fresh();
    const model = scripted();
    const bad = { ...user('x'), content: [{ type: 'text' }] } as never;
    await expect(withMemory(model, { thread }).generate({ messages: [bad] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path: 'messages[0].content[0].text',
    });
    expect(model.asked).toHaveLength(0);
    expect(await entryCount(thread)).toBe(0);
  });

  it('stores, asks and teaches only what `redact` leaves', async () => {
    const store = createMemoryStore();
    const thread = openThread({
      store,
      key,
      redact: (value) => JSON.parse(JSON.stringify(value).replaceAll('4711', '[code]')),
    });
    const seen: string[] = [];
    const spy: Memory = {
      name: 'spy',
      writes: [],
      async prepare(input) {
        seen.push(JSON.stringify(input));
        return {};
      },
      observe: async (turn) => void seen.push(JSON.stringify(turn)),
    };
    const model = scripted(() => 'I heard 4711');
    const chat = withMemory(model, { thread, memory: [spy] });
    await chat.generate({ messages: [user('the code is 4711')] });
    await chat.flush();
    for (const text of [await dump(store, key), ...seen, JSON.stringify(model.asked)]) {
      expect(text).toContain('[code]');
      expect(text).not.toContain('4711');
    }
  });

  it('shows each agent its own messages and those of nobody', async () => {
    const { thread } = fresh();
    await thread.append(chatTurn('t', 'for all', 'yes'));
    const model = scripted();
    await withMemory(model, { thread, agentId: 'a' }).generate({ messages: [user('from a')] });
    await withMemory(model, { thread, agentId: 'b' }).generate({ messages: [user('from b')] });
    expect(promptText(model.asked[1])).toBe('user: for all\nassistant: yes\nuser: from b');
  });
});

describe('withMemory, given the whole history', () => {
  it('stores each message once, again and again', async () => {
    const { thread } = fresh();
    const model = scripted((request) => `re: ${messageText(request.messages.at(-1) ?? assistant(''))}`);
    const chat = withMemory(model, { thread, input: 'whole' });
    const history = [user('one')];
    for (const next of ['two', 'three', 'four']) {
      const { message } = await chat.generate({ messages: history });
      history.push(createMessage({ role: 'assistant', content: messageText(message) }), user(next));
    }
    await chat.generate({ messages: history });
    expect(await texts(thread)).toEqual([
      'one',
      're: one',
      'two',
      're: two',
      'three',
      're: three',
      'four',
      're: four',
    ]);
  });

  it('imports a history that began elsewhere, tool calls included', async () => {
    const { thread } = fresh();
    const past = [
      user('weather?'),
      createMessage({ role: 'assistant', content: [call('c')] }),
      result('c', '{"sun":true}'),
      assistant('sunny'),
    ];
    const chat = withMemory(scripted(), { thread, input: 'whole' });
    await chat.generate({ messages: [...past, user('and tomorrow?')] });
    const reserialised = createMessage({
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 'c', toolName: 'look', output: { sun: true }, isError: false },
      ],
    });
    await chat.generate({
      messages: [
        past[0] as never,
        past[1] as never,
        reserialised,
        past[3] as never,
        user('and tomorrow?'),
        assistant('ok'),
        user('thanks'),
      ],
    });
    expect((await thread.view()).messages.map((message) => message.role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  it('goes on with the open turn when the tool results come at the end of the history', async () => {
    const { thread } = fresh();
    const model = scripted((request) => (request.messages.at(-1)?.role === 'tool' ? 'sunny' : [call('c')]));
    const chat = withMemory(model, { thread, input: 'whole' });
    const first = await chat.generate({ messages: [user('weather?')], tools: [look] });
    await chat.generate({
      messages: [
        user('weather?'),
        createMessage({ role: 'assistant', content: first.message.content }),
        result('c'),
      ],
      tools: [look],
    });
    expect((await thread.view()).messages.map((message) => message.role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);
  });

  it('still knows the history after a window or a redaction changed what is seen', async () => {
    const { store, thread } = fresh();
    const chat = withMemory(scripted(), { thread, input: 'whole' });
    const history = [user('secret'), assistant('ok'), user('two'), assistant('ok')];
    await chat.generate({ messages: history.slice(0, 1) });
    await chat.generate({ messages: history.slice(0, 3) });
    await thread.redact([(await thread.view()).messages[0]?.id ?? '']);
    const view = await thread.view();
    await thread.reshape(
      view,
      { covers: view.coverage(view.messages[0] ?? assistant('')), hash: '', keep: [] },
      'cut',
    );
    const cold = withMemory(scripted(), { thread: openThread({ store, key }), input: 'whole' });
    for (const [index, model] of [chat, cold].entries()) {
      history.push(user(`more ${index}`));
      await model.generate({ messages: history });
      history.push(assistant('ok'));
    }
    expect((await texts(thread)).filter((text) => text.startsWith('more'))).toEqual(['more 0', 'more 1']);
  });

  it('refuses a different past with a typed error and stores nothing', async () => {
    const { thread } = fresh();
    const chat = withMemory(scripted(), { thread, input: 'whole' });
    await chat.generate({ messages: [user('one')] });
    const before = await entryCount(thread);
    await expect(chat.generate({ messages: [user('another one')] })).rejects.toMatchObject({
      code: 'DIVERGED',
      common: 0,
    });
    await expect(chat.generate({ messages: [user('one')] })).rejects.toMatchObject({
      code: 'DIVERGED',
      common: 1,
    });
    await expect(chat.generate({ messages: [user('one'), assistant('ok')] })).rejects.toMatchObject({
      code: 'DIVERGED',
      common: 2,
    });
    expect(await entryCount(thread)).toBe(before);
  });

  it('goes on in a fork, by option, and finds the same fork again', async () => {
    const { store, thread } = fresh();
    const forks: LociEvent[] = [];
    const model = scripted();
    const chat = withMemory(model, {
      thread,
      input: 'whole',
      onDiverged: 'fork',
      onEvent: (event) => event.type === 'thread-forked' && forks.push(event),
    });
    await chat.generate({ messages: [user('one')] });
    await chat.generate({ messages: [user('one'), assistant('ok'), user('two')] });
    const edited = [user('one'), assistant('ok'), user('two, edited')];
    await chat.generate({ messages: edited });
    await chat.generate({ messages: [...edited, assistant('ok'), user('three')] });
    expect(promptText(model.asked.at(-1))).toBe(
      'user: one\nassistant: ok\nuser: two, edited\nassistant: ok\nuser: three',
    );
    expect(await texts(thread)).toEqual(['one', 'ok', 'two', 'ok']);
    expect(new Set(forks.map((event) => event.thread.join('/'))).size).toBe(1);
    const fork = openThread({ store, key: forks[0]?.thread ?? [] });
    expect(await texts(fork)).toEqual(['one', 'ok', 'two, edited', 'ok', 'three', 'ok']);
    const again = [...edited, assistant('ok'), user('three, edited')];
    await chat.generate({ messages: again });
    await chat.generate({ messages: [...again, assistant('ok'), user('four')] });
    expect(new Set(forks.map((event) => event.thread.join('/'))).size).toBe(2);
    expect(await collectStream(chat.stream({ messages: [user('one')] }))).toMatchObject({
      finishReason: 'stop',
    });
  });
});
