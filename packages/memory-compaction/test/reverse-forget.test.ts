import { createMemoryStore, createMessage, openThread, type Store, type Thread } from '@loci/core';
import { expect, it } from 'vitest';
import { forget } from '../src/reverse/forget.js';
import { agentSpace } from '../src/space.js';
import { onEveryStore } from './backends.js';
import { chat, clearResults, dump, shown, summarise, toolChat, turnEntries } from './threads.js';

const canary = 'CANARY-4711';
const key = ['thread'];

/** A thread and a space in which the canary is wherever text can be. */
async function planted(store: Store) {
  const thread = openThread({ store, key });
  const space = openThread({ store, key: ['space'] });
  const say = (turnId: string, question: string, answer = 'Noted.') =>
    thread.append(turnEntries(turnId, chat(turnId, question, answer)));
  await say('plain', 'Good morning');
  await thread.append(turnEntries('tool', toolChat('tool', 'Who?', { found: [{ [canary]: 'x' }] })));
  await thread.append(turnEntries('argument', toolChat('argument', `about ${canary}`, 'nothing')));
  await thread.append(
    turnEntries('file', [
      createMessage({
        id: 'file.0',
        role: 'user',
        content: [{ type: 'file', mediaType: 'text/plain', data: 'eA==', name: `${canary}.txt` }],
        createdAt: 1,
      }),
    ]),
  );
  await thread.append(
    turnEntries('failed', chat('failed', `lost ${canary}`), { state: 'failed', reason: `no ${canary}` }),
  );
  await thread.append([{ id: 'step', version: 1, kind: 'test/step', data: { note: [canary] } }]);
  await clearResults(thread, 'cleared');
  await summarise(thread, { id: 'one', cover: 6, summary: `first ${canary}`, more: { prose: canary } });
  await say('later', 'Good evening');
  await summarise(thread, { id: 'two', cover: 4, summary: 'second', more: { prose: 'second' } });
  const artifacts = [{ kind: 'path', value: `/home/${canary}` } as const];
  await summarise(thread, {
    id: 'three',
    cover: 2,
    summary: `third ${canary.toLowerCase()}`,
    more: { artifacts },
  });
  await say('last', 'Good night');
  const agent = agentSpace({ space, agentId: 'researcher', share: true });
  await agent.publish(`the code is ${canary}`, { tags: [canary] });
  await agent.publish('the sun is out');
  return { thread, space };
}

onEveryStore((backend) => {
  backend.it('[D8] what is forgotten is in no view, summary or stored byte', async () => {
    const { store, everything } = backend.create();
    const { thread, space } = await planted(store);
    expect(await dump(store)).toContain(canary);
    const receipt = await forget([thread, space], { text: 'canary-4711' });
    expect(receipt).toEqual([
      { key, messages: 5, entries: 2, summaries: 4 },
      { key: ['space'], messages: 0, entries: 1, summaries: 0 },
    ]);
    const view = await thread.view();
    expect(view.summary).toBeUndefined();
    expect(JSON.stringify(view.messages).toLowerCase()).not.toContain('canary');
    expect(view.messages.map(({ id }) => id)).toContain('last.0');
    const stored = await everything();
    expect(stored.toLowerCase()).not.toContain('canary');
    expect(stored).toContain('Good night');
    expect(stored).toContain('the sun is out');
    // It would have been found: otherwise this proves nothing.
    const other = backend.create();
    await planted(other.store);
    expect(await other.everything()).toContain(canary);
  });
});

async function withTurns(...texts: string[]): Promise<{ store: Store; thread: Thread }> {
  const store = createMemoryStore();
  const thread = openThread({ store, key });
  for (const [index, text] of texts.entries())
    await thread.append(turnEntries(`t${index}`, chat(`t${index}`, text)));
  return { store, thread };
}

it('[D8] forgets what fits everything that is given, and nothing else', async () => {
  const { thread } = await withTurns('my dog', 'my cat', 'my dog again');
  const tagged = chat('t9', 'a tagged dog').map((message) => ({
    ...message,
    tags: ['pets'],
    agentId: 'vet',
  }));
  await thread.append(turnEntries('t9', tagged.slice(0, 1)));
  const left = async () =>
    (await thread.view()).messages.map(({ id }) => id).filter((id) => id.endsWith('.0'));
  const counts = { key, entries: 0, summaries: 0 };
  expect(await forget(thread, { text: 'dog', ids: ['t0.0', 't1.0'] })).toEqual([{ ...counts, messages: 1 }]);
  expect(await left()).toEqual(['t1.0', 't2.0', 't9.0']);
  expect(await forget(thread, { where: ({ id }) => id === 't2.0' })).toEqual([{ ...counts, messages: 1 }]);
  expect(await forget(thread, { agentId: 'vet', tags: ['plants'] })).toEqual([{ ...counts, messages: 0 }]);
  expect(await forget(thread, { agentId: 'vet', tags: ['plants', 'pets'] })).toEqual([
    { ...counts, messages: 1 },
  ]);
  expect(await left()).toEqual(['t1.0']);
});

it('[D8] a repeat finds nothing, and writes nothing', async () => {
  const { thread } = await planted(createMemoryStore());
  await forget(thread, { text: canary });
  const { seq } = await thread.view();
  const nothing = { key, messages: 0, entries: 0, summaries: 0 };
  expect(await forget(thread, { text: canary })).toEqual([nothing]);
  expect(await forget(thread, { text: '[redacted]', agentId: 'nobody' })).toEqual([nothing]);
  expect((await thread.view()).seq).toBe(seq);
});

it('[D8] a repeat finishes what was stopped between the mark and the rewriting', async () => {
  const store = createMemoryStore();
  await planted(store);
  const rewrite = () => Promise.reject(new Error('killed'));
  const broken = openThread({ store: { ...store, logs: { ...store.logs, rewrite } }, key });
  await expect(forget(broken, { text: canary })).rejects.toThrow('killed');
  const [receipt] = await forget(openThread({ store, key }), { text: canary });
  expect(receipt).toMatchObject({ messages: 5 });
  let bodies = '';
  for await (const { body } of store.logs.read(key)) bodies += JSON.stringify(body);
  expect(bodies.toLowerCase()).not.toContain('canary');
});

it('[D8] reaches a summary that was made from one that holds the text', async () => {
  const { thread } = await withTurns('one', 'two', 'three');
  await summarise(thread, { id: 'a', cover: 2, summary: `guessed ${canary}` });
  await summarise(thread, { id: 'b', cover: 2, summary: 'went on from a guess' });
  const [receipt] = await forget(thread, { text: canary });
  expect(receipt).toEqual({ key, messages: 0, entries: 0, summaries: 2 });
  const { summary, messages } = shown(await thread.view());
  expect(summary).toBeUndefined();
  expect(messages).toHaveLength(6);
});

it('[D8] forgets what a turn under way appends meanwhile, and gives up with an error where that never ends', async () => {
  const { store } = await withTurns(`the first ${canary}`);
  let turns = 3;
  let count = 0;
  const append: Store['logs']['append'] = async (at, entries, options) => {
    if (options?.expect !== undefined && turns-- > 0) {
      const turnId = `late${count++}`;
      await openThread({ store, key }).append(turnEntries(turnId, chat(turnId, `late ${canary}`)));
    }
    return store.logs.append(at, entries, options);
  };
  const thread = openThread({ store: { ...store, logs: { ...store.logs, append } }, key });
  expect(await forget(thread, { text: canary })).toEqual([{ key, messages: 4, entries: 0, summaries: 0 }]);
  expect(await dump(store)).not.toContain(canary);
  turns = Number.POSITIVE_INFINITY;
  await thread.append(turnEntries('again', chat('again', canary)));
  const failure = await forget(thread, { text: canary }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'CONFLICT' });
  expect(String(failure)).not.toContain(canary);
});

it('[D8] does not take a picture for text', async () => {
  const { thread } = await withTurns();
  const picture = { type: 'image', mediaType: 'image/png', data: 'UmV4UmV4' } as const;
  const content = [{ type: 'text', text: 'look' } as const, picture];
  await thread.append(turnEntries('p', [createMessage({ id: 'p.0', role: 'user', content, createdAt: 1 })]));
  expect(await forget(thread, { text: 'umv4' })).toMatchObject([{ messages: 0 }]);
  expect(await forget(thread, { text: 'LOOK' })).toMatchObject([{ messages: 1 }]);
});

it('[D8] finds a name however its letters are composed', async () => {
  const { thread } = await withTurns('Ren\u00e9 called', 'Rene\u0301 called');
  expect(await forget(thread, { text: 'REN\u00c9' })).toMatchObject([{ messages: 2 }]);
});

it('[D8] refuses to forget where nothing says what', async () => {
  const { thread } = await withTurns('x');
  for (const what of [{}, { text: ' ' }])
    await expect(forget(thread, what)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(await forget([], { text: 'x' })).toEqual([]);
});
