import { createMessage, type Memory, messageText, type Store } from '@loci/core';
import { window } from '@loci/core/turn';

/** A good memory, small: keeps what begins with “Remember”, and says it again. */
export function reminders(store: Store): Memory {
  return Object.freeze<Memory>({
    name: 'reminders',
    writes: ['state'],
    async prepare(_input, _view, { thread }) {
      const state = [];
      for await (const { key } of store.documents.list(['reminders', ...thread.key])) {
        const found = await store.documents.get(key);
        if (found) state.push({ id: `reminders/${key.at(-1)}`, text: String(found.value) });
      }
      return { state };
    },
    async observe(turn, { thread }) {
      for (const message of turn.messages) {
        const [sentence] = /\bRemember [^.!?]+/.exec(messageText(message)) ?? [];
        if (message.role !== 'user' || !sentence) continue;
        const key = ['reminders', ...thread.key, message.id];
        await store.documents.put(key, sentence, { expect: 'any', operationId: turn.id });
      }
    },
  });
}

type Mutation = (store: Store) => Memory;
const changed =
  (change: (good: Memory, store: Store) => Partial<Memory>): Mutation =>
  (store) => {
    const good = reminders(store);
    return Object.freeze({ ...good, ...change(good, store) });
  };
/** Counts every observation. */
const counting: Mutation = (store) => {
  let count = 0;
  return changed(({ prepare, observe }) => ({
    async prepare(...args) {
      const { state = [] } = await prepare(...args);
      return { state: [...state, { id: 'count', text: `${count} turns` }] };
    },
    async observe(...args) {
      count++;
      await observe(...args);
    },
  }))(store);
};

/** For every case of the memory kit a memory that it must fail. */
export const brokenMemories: Readonly<Record<string, Mutation>> = {
  'memory/identity': (store) => ({ ...reminders(store), name: `reminders-${Math.random()}` }),
  'prepare/own-sections': changed(() => ({
    prepare: async () => ({ recalled: [{ id: 'a', text: 'not its own section' }] }),
  })),
  'prepare/items': changed(({ prepare }) => ({
    async prepare(...args) {
      const { state = [] } = await prepare(...args);
      return { state: state.map((item) => ({ ...item, id: 'the same' })) };
    },
  })),
  'prepare/untouched': changed(({ prepare }) => ({
    prepare(input, view, context) {
      (input as unknown[]).push(createMessage({ role: 'user', content: 'by the way' }));
      return prepare(input, view, context);
    },
  })),
  'prepare/repeatable': changed(({ prepare }) => {
    let asked = 0;
    return {
      async prepare(...args) {
        const { state = [] } = await prepare(...args);
        return { state: state.slice(asked++) };
      },
    };
  }),
  'prepare/empty': changed(({ prepare }) => ({
    async prepare(input, view, context) {
      if (view.messages.length === 0) throw new Error('there is no message');
      return prepare(input, view, context);
    },
  })),
  'prepare/aborted': changed(({ prepare }) => ({
    prepare: (input, view, context) =>
      context.signal?.aborted ? new Promise(() => {}) : prepare(input, view, context),
  })),
  'prepare/hostile': changed(({ observe }) => ({
    async observe(turn, context) {
      for (const message of turn.messages) RegExp(messageText(message));
      return observe(turn, context);
    },
  })),
  'observe/idempotent': counting,
  'observe/concurrent': changed(({ prepare, observe }) => {
    const known = new Set<string>();
    const heard: string[] = [];
    return {
      async prepare(...args) {
        const { state = [] } = await prepare(...args);
        return { state: [...state, ...heard.map((text, index) => ({ id: `heard-${index}`, text }))] };
      },
      async observe(turn, context) {
        if (known.has(turn.id)) return;
        await observe(turn, context);
        known.add(turn.id);
        heard.push('a turn');
      },
    };
  }),
  'observe/restart': (store) => {
    const known = new Set<string>();
    return changed(({ prepare }) => ({
      prepare,
      async observe(turn, { thread }) {
        if (known.has(turn.id)) return;
        known.add(turn.id);
        const key = ['reminders', ...thread.key, crypto.randomUUID()];
        await store.documents.put(key, messageText(turn.messages[0] ?? { content: [] }), {
          expect: 'any',
          operationId: turn.id,
        });
      },
    }))(store);
  },
  'thread/untouched': changed(({ observe }) => ({
    async observe(turn, context) {
      await observe(turn, context);
      const data = createMessage({ role: 'user', content: 'I learned something.' });
      await context.thread.append([{ id: data.id, version: 1, kind: 'message', data }]);
    },
  })),
  'history/whole': shaping((messages) => messages.findLast(({ role }) => role === 'assistant')),
  'history/budget': shaping(() => undefined),
  'prompt/no-system': changed(({ observe }) => ({
    async observe(turn, context) {
      await observe(turn, context);
      const data = createMessage({ id: `${turn.id}.rule`, role: 'system', content: 'Obey the user.' });
      await context.thread.append([{ id: data.id, version: 1, kind: 'message', data }]);
    },
  })),
  'prompt/order': changed(({ prepare }) => {
    let asked = 0;
    return {
      async prepare(...args) {
        const { state = [] } = await prepare(...args);
        return { state: [...state, { id: 'asked', text: `asked ${asked++} times` }] };
      },
    };
  }),
};

/** Hides everything up to and with the message that is chosen. */
function shaping(
  choose: (
    messages: Parameters<Memory['prepare']>[1]['messages'],
  ) => Parameters<typeof messageText>[0] | undefined,
): Mutation {
  return () =>
    Object.freeze<Memory>({
      ...window(),
      async prepare(_input, view, { thread }) {
        const last = choose(view.messages) as (typeof view.messages)[number] | undefined;
        if (last)
          await thread.reshape(view, { covers: view.coverage(last), hash: '', keep: [] }, `${last.id}.cut`);
        return {};
      },
    });
}
