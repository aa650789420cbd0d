import { createMessage, type Message, messageText, openThread, type Store, type Thread } from '@loci/core';
import { type ModelWithMemory, withMemory } from '@loci/core/turn';
import type { ThreadMaker } from '@loci/testing/thread';
import { toArray } from '../../src/kit/assertions.js';
import { brokenStores } from './stores.js';

/** What is wrong: the store below the thread, the thread, or the chat on it. */
export interface BrokenThread extends Partial<ThreadMaker> {
  readonly store?: (store: Store) => Store;
}

const threads = (
  change: (thread: Thread, options: Parameters<typeof openThread>[0]) => Partial<Thread>,
): BrokenThread => ({
  openThread: (options) => {
    const thread = openThread(options);
    return Object.freeze({ ...thread, ...change(thread, options) });
  },
});
const chats = (
  change: (
    chat: ModelWithMemory,
    thread: Thread,
    ...args: Parameters<typeof withMemory>
  ) => Partial<ModelWithMemory>,
): BrokenThread => ({
  withMemory: (model, options) => {
    const chat = withMemory(model, options);
    return Object.freeze({ ...chat, ...change(chat, options.thread as Thread, model, options) });
  },
});
const logs = (change: (inner: Store['logs']) => Partial<Store['logs']>): BrokenThread => ({
  store: (store) => Object.freeze({ ...store, logs: { ...store.logs, ...change(store.logs) } }),
});
const keep = (thread: Thread, data: Message) =>
  thread.append([{ id: data.id, version: 1, kind: 'message', data }]);
const said = (text: string) => createMessage({ role: 'assistant', content: text });
const storeOf = (id: string): BrokenThread => ({ store: (store) => brokenStores[id]?.(store) ?? store });

/** For every case of the thread kit something that it must fail. */
export const brokenThreads: Readonly<Record<string, BrokenThread>> = {
  'append/once': threads(({ append }) => ({
    append: async (...args) => ({ ...(await append(...args)), outcome: 'appended' }),
  })),
  'append/concurrent': storeOf('logs/contiguous'),
  'append/refused': threads(({ append }) => ({
    async append(entries, io) {
      const receipts = [];
      for (const entry of entries) receipts.push(await append([entry], io));
      return receipts.at(-1) as (typeof receipts)[number];
    },
  })),
  'turns/once': storeOf('logs/partly-present'),
  'turns/open': threads(({ view }) => ({ view: () => view({ turnId: 'slow' }) })),
  'view/fold': threads(({ entries, view }) => ({
    async view(options) {
      await toArray(entries());
      return view(options);
    },
  })),
  'fold/cost': threads((_, options) => ({ fold: (fold) => openThread(options).fold(fold) })),
  'view/agents': threads(({ view }) => ({ view: ({ agentId: _, ...options } = {}) => view(options) })),
  'view/frozen': threads(({ view }) => ({ view: async (options) => ({ ...(await view(options)) }) })),
  'expiry/whole': { openThread: ({ ttlMs: _, ...options }) => openThread(options) },
  'delete/anew': logs(({ head }) => ({
    async head(...args) {
      const found = await head(...args);
      return found && { ...found, epoch: 'always the same' };
    },
  })),
  'newer/refused': threads(({ view, sibling }) => ({
    view: (options) => view(options).catch(() => sibling(['empty']).view()),
  })),
  'reshape/appends-survive': threads(({ reshape, view }) => ({
    async reshape(_, shape, id) {
      const now = await view();
      return reshape(now, { ...shape, covers: now.coverage(now.messages.at(-1) as Message) }, id);
    },
  })),
  'reshape/one-wins': storeOf('logs/expect'),
  'clear/revert': threads(() => ({ revert: async () => {} })),
  'pins/kept': threads(() => ({ pin: async () => {} })),
  'at/past': threads((thread) => ({ at: () => thread })),
  'fork/ids': threads(({ fork }) => ({ fork: (seq, key) => fork(seq - 4, key) })),
  'redact/everywhere': logs(() => ({ rewrite: async (_, entries) => entries.map(({ id }) => id) })),
  'redact/late-summary': threads(({ reshape, view }) => ({
    reshape: async (_, shape, id) => reshape(await view(), shape, id),
  })),
  'pending/positions': threads((_, options) => ({
    fork: (seq, key) => openThread({ ...options, store: forgetful(options.store) }).fork(seq, key),
    at: (seq) => openThread({ ...options, store: forgetful(options.store) }).at(seq),
  })),
  'expiry/under-reader': threads(({ view }) => ({
    async view(options) {
      const seen = await view(options);
      return Object.freeze({ ...seen, messages: seen.messages.slice(0, 30) });
    },
  })),
  'chat/one-append': chats(({ generate }) => ({
    async generate(...args) {
      const response = await generate(...args);
      return { ...response, message: { ...response.message, id: 'another' } };
    },
  })),
  'chat/atomic': chats(({ generate }, thread) => ({
    async generate(request, options) {
      for (const message of request.messages) await keep(thread, message);
      return generate(request, options);
    },
  })),
  'chat/finish-only': chats((chat, thread) => ({
    async generate(request, options) {
      for await (const event of chat.stream(request, options)) {
        if (event.type === 'text-delta') await keep(thread, said(event.text));
        if (event.type === 'finish') return event.response;
      }
      throw new Error('no finish');
    },
  })),
  'chat/lost-answers': chats(({ generate }, _, model) => ({
    generate: (request) => generate(request).catch(() => model.generate(request)),
  })),
  'chat/concurrent': chats((_, thread, model) => ({
    async generate(request) {
      for (const message of request.messages) await keep(thread, message);
      const response = await model.generate(request);
      await keep(thread, response.message);
      return response;
    },
  })),
  'chat/whole-history': {
    withMemory: (model, options) => withMemory(model, { ...options, input: 'new' }),
  },
  'chat/generate': chats(({ generate }) => ({
    async generate(...args) {
      const response = await generate(...args);
      return { ...response, message: said(`${messageText(response.message)}, nearly`) };
    },
  })),
};

/** A store that does not say which entries are only queued. */
function forgetful(store: Store): Store {
  return {
    ...store,
    logs: {
      ...store.logs,
      async *read(...args) {
        for await (const { pending: _, ...entry } of store.logs.read(...args)) yield entry;
      },
    },
  };
}
