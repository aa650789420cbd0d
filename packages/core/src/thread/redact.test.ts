import { describe, expect, it } from 'vitest';
import { chatTurn, completed, ids, messageEntry, started, turnEntry } from '../../test/entries.js';
import { dump } from '../../test/stores.js';
import { createMessage, messageText } from '../message/create-message.js';
import { groupMessages } from '../message/groups.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openThread } from './open-thread.js';
import type { Fold, Thread, ThreadReader } from './thread.js';
import { exportThread } from './transfer.js';

const key = ['t'];
const canary = 'CANARY-4711';

async function cut(thread: Thread, through: number, summary: string, id: string) {
  const view = await thread.view();
  const last = view.messages[through];
  if (!last) throw new Error('no such message');
  return thread.reshape(
    view,
    {
      covers: view.coverage(last),
      hash: 'h',
      keep: [],
      summary: createMessage({ role: 'user', content: summary }),
      details: { saw: summary },
    },
    id,
  );
}

async function prepared() {
  const store = createMemoryStore();
  const thread = openThread({ store, key });
  await thread.append(chatTurn('a', 'hello', 'hi'));
  await thread.append(chatTurn('b', `the code is ${canary}`, 'noted'));
  for (let turn = 0; turn < 4; turn++) await thread.append(chatTurn(`t${turn}`, `fact ${turn}`, 'heard'));
  await cut(thread, 1, 'greetings', 's1');
  await cut(thread, 3, `greetings and ${canary}`, 's2');
  return { store, thread };
}

describe('redact', () => {
  it('removes the text from every entry and from every summary made of it, and only those', async () => {
    const { store, thread } = await prepared();
    expect(await dump(store, key)).toContain(canary);
    await thread.redact(['b.0']);
    const stored = await dump(store, key);
    expect(stored).not.toContain(canary);
    expect(stored).toContain('greetings');
    const view = await thread.view();
    expect(view.summary?.id).toBe('s1');
    expect(view.messages.map(messageText)).not.toContain('');
    expect(view.messages.map((message) => message.id)).toContain('b.1');
    let exported = '';
    for await (const line of exportThread(thread)) exported += line;
    expect(exported).not.toContain(canary);
  });

  it('finishes what an earlier one, stopped between mark and rewrite, began', async () => {
    const { store } = await prepared();
    const rewrite = () => Promise.reject(new Error('killed'));
    const broken = openThread({ store: { ...store, logs: { ...store.logs, rewrite } }, key });
    await expect(broken.redact(['b.0'])).rejects.toThrow('killed');
    expect(await dump(store, key)).toContain(canary);
    const thread = openThread({ store, key });
    expect(JSON.stringify((await thread.view()).messages)).not.toContain(canary);
    const fork = await thread.fork((await thread.view()).seq, ['fork']);
    expect(await dump(store, fork.key)).not.toContain(canary);
    await thread.redact([]);
    expect(await dump(store, key)).not.toContain(canary);
  });

  it('reaches back into earlier states, marked or carried out, and takes the summaries out of them', async () => {
    const { store, thread } = await prepared();
    const { seq } = await thread.view();
    const rewrite = () => Promise.reject(new Error('killed'));
    const broken = openThread({ store: { ...store, logs: { ...store.logs, rewrite } }, key });
    const earlier = thread.at(seq);
    expect(JSON.stringify(await earlier.view())).toContain(canary);
    await broken.redact(['b.0']).catch(() => undefined);
    const shown = async (reader: ThreadReader) => {
      const view = await reader.view();
      return { seq: view.seq, basis: view.basis, summary: view.summary?.id, ids: ids(view.messages) };
    };
    const left = { seq, basis: 's2', summary: 's1', ids: expect.arrayContaining(['b.1', 't0.0']) };
    for (const reader of [earlier, thread.at(seq)]) {
      expect(JSON.stringify(await reader.view())).not.toContain(canary);
      expect(await shown(reader)).toEqual(left);
    }
    await thread.redact([]);
    for (const reader of [earlier, thread.at(seq)]) expect(await shown(reader)).toEqual(left);
  });

  it('makes a summary that is being written lose', async () => {
    const { store, thread } = await prepared();
    const view = await thread.view();
    const last = view.messages[1];
    await thread.redact(['b.0']);
    if (!last) throw new Error('no message');
    const shape = {
      covers: view.coverage(last),
      hash: '',
      keep: [],
      summary: createMessage({ role: 'user', content: canary }),
    };
    expect(await thread.reshape(view, shape, 'late')).toBe('stale');
    expect(await dump(store, key)).not.toContain(canary);
  });

  it('finds a summary that lands between the search for summaries and the mark', async () => {
    const { store } = await prepared();
    let raced = false;
    const racing: typeof store = {
      ...store,
      logs: {
        ...store.logs,
        async append(at, entries, options) {
          if (!raced && options?.expect) {
            raced = true;
            await cut(openThread({ store, key }), 1, `again ${canary}`, 's3');
          }
          return store.logs.append(at, entries, options);
        },
      },
    };
    await openThread({ store: racing, key }).redact(['b.0']);
    expect(raced).toBe(true);
    expect(await dump(store, key)).not.toContain(canary);
  });

  it('leaves calls and results that still meet', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    const message = (id: string, data: Parameters<typeof createMessage>[0]) => ({
      ...messageEntry(id, '', { turnId: 'T' }),
      data: createMessage({ ...data, id }),
    });
    await thread.append([
      turnEntry('T', started),
      messageEntry('T.0', 'pay', { turnId: 'T' }),
      message('T.1', {
        role: 'assistant',
        content: [
          { type: 'text', text: canary },
          { type: 'tool-call', toolCallId: 'c', toolName: 'pay', input: { card: canary } },
        ],
      }),
      message('T.2', {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'pay', output: canary, isError: false }],
      }),
      turnEntry('T', completed),
    ] as never);
    await thread.redact(['T.1', 'T.2']);
    const { messages } = await thread.view();
    expect(JSON.stringify(messages)).not.toContain(canary);
    expect(messages).toHaveLength(3);
    expect(groupMessages(messages).every((group) => group.complete)).toBe(true);
  });

  it('makes folds forget, too', async () => {
    const { thread } = await prepared();
    const said: Fold<string[]> = {
      name: 'said',
      initial: () => [],
      apply: (state, entry) => (entry.kind === 'message' ? [...state, messageText(entry.data)] : state),
    };
    expect((await thread.fold(said)).join()).toContain(canary);
    await thread.redact(['b.0']);
    expect((await thread.fold(said)).join()).not.toContain(canary);
  });
});
