import {
  createMemoryStore,
  createMessage,
  type EntryInput,
  type JsonValue,
  type Key,
  type LogEntry,
  type Memory,
  type Message,
  openThread,
  type Store,
  type Thread,
} from '@loci/core';
import { estimateCounter, withMemory } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import { memoryConformance } from '@loci/testing/memory';
import { describe, expect, it } from 'vitest';
import { forget } from '../src/reverse/forget.js';
import { type AgentSpaceOptions, agentSpace } from '../src/space.js';
import { chat, toolChat } from './threads.js';

const key = ['space'];

memoryConformance(
  { describe, it },
  {
    name: 'space',
    async create({ store }) {
      const space = openThread({ store, key });
      await space.append([entry('other/1', 'other', 'The dog is called Bello.', ['facts'])]);
      return agentSpace({ space, agentId: 'own', share: true, includeCrossAgent: true });
    },
  },
);

function entry(id: string, agentId: string, answered: string, tags: readonly string[] = []): EntryInput {
  return { id, version: 1, kind: 'space/turn', agentId, tags, data: { asked: '', answered } };
}

/** Counts what is read from the store. */
function counting(inner: Store = createMemoryStore()) {
  const reads = { calls: 0, entries: 0, from: 0 };
  const logs: Store['logs'] = {
    ...inner.logs,
    head(...given) {
      reads.calls++;
      return inner.logs.head(...given);
    },
    async *read(...given) {
      reads.calls++;
      reads.from = given[1]?.from ?? 1;
      for await (const stored of inner.logs.read(...given)) {
        reads.entries++;
        yield stored;
      }
    },
  };
  return { reads, store: { ...inner, logs } };
}

const open = (store: Store, at: Key = key) => openThread({ store, key: at });
const reader = (space: Thread, more: Partial<AgentSpaceOptions> = {}) =>
  agentSpace({ space, agentId: 'writer', includeCrossAgent: true, ...more });

/** What a memory brings into a prompt. */
async function recalled(memory: Memory, signal?: AbortSignal) {
  const thread = openThread({ store: createMemoryStore(), key: ['own'] });
  const given = await memory.prepare([], await thread.view(), {
    thread,
    turnId: 'now',
    agentId: undefined,
    budget: { history: 1000, state: 1000, recalled: 1000 },
    call: undefined,
    countTokens: () => 1,
    signal,
    view: () => thread.view(),
  });
  return given.recalled ?? [];
}
const texts = async (memory: Memory) => (await recalled(memory)).map(({ text }) => text);
const observe = (memory: Memory, id: string, messages: readonly Message[]) =>
  memory.observe({ id, messages }, {} as never);

describe('agentSpace', () => {
  it('[D11] brings what one agent said on its thread to another one on another thread, by tag', async () => {
    const store = createMemoryStore();
    const space = open(store);
    const say = (agentId: string, memory: Memory, answer: string) => {
      const model = scriptedModel(() => answer);
      const thread = open(store, ['chat', agentId]);
      return {
        model,
        chatting: withMemory(model, { thread, memory: [memory], agentId, contextWindow: 8000 }),
      };
    };
    const share = { space, share: true };
    const researcher = say(
      'researcher',
      agentSpace({ ...share, agentId: 'researcher', tags: ['facts'] }),
      'The library opens at nine.',
    );
    const critic = say(
      'critic',
      agentSpace({ ...share, agentId: 'critic', tags: ['opinions'] }),
      'Too early.',
    );
    const writer = say('writer', reader(space, { filter: { tags: ['facts'] } }), 'Written.');
    for (const { chatting } of [researcher, critic, writer]) {
      await chatting.generate({ messages: [createMessage({ role: 'user', content: 'When?' })] });
      await chatting.flush();
    }
    const prompt = JSON.stringify(writer.model.requests[0]?.messages);
    expect(prompt).toContain('researcher: The library opens at nine.');
    expect(prompt).toContain('asked of researcher: When?');
    expect(prompt).not.toContain('Too early');
    expect(JSON.stringify(critic.model.requests)).not.toContain('library');
  });

  it('[D11] shares nothing and reads nothing unless it is told to, each for itself', async () => {
    const { store, reads } = counting();
    const space = open(store);
    const silent = agentSpace({ space, agentId: 'a' });
    await observe(silent, 't', chat('t', 'Secret?', 'Secret.'));
    expect(await store.logs.head(key)).toBeUndefined();
    await observe(agentSpace({ space, agentId: 'a', share: true }), 't', chat('t', 'Known?', 'Known.'));
    reads.calls = 0;
    expect(await texts(agentSpace({ space, agentId: 'b', share: true }))).toEqual([]);
    expect(reads.calls).toBe(0);
    expect(await agentSpace({ space, agentId: 'b' }).entries()).toEqual([]);
    expect(await texts(reader(space))).toEqual(['asked of a: Known?\na: Known.']);
    expect(await texts(reader(open(store, ['another space'])))).toEqual([]);
  });

  it('[D11] leaves out its own entries', async () => {
    const space = open(createMemoryStore());
    await space.append([entry('1', 'writer', 'mine'), entry('2', 'other', 'theirs')]);
    expect(await texts(reader(space))).toEqual(['other: theirs']);
    expect(await texts(reader(space, { filter: { agentIds: ['writer'] } }))).toEqual([]);
    const own = (await agentSpace({ space, agentId: 'writer' }).entries()).map(({ text }) => text);
    expect(own).toEqual(['writer: mine']);
  });

  it('[D11] filters before it limits: many newer entries with other tags crowd nothing out', async () => {
    const space = open(createMemoryStore());
    await space.append([entry('wanted', 'other', 'wanted', ['x', 'facts'])]);
    for (let index = 0; index < 500; index++)
      await space.append([entry(`n${index}`, index % 2 ? 'other' : 'noise', `${index}`, ['chatter'])]);
    expect(await texts(reader(space, { filter: { tags: ['facts', 'rules'] }, limit: 1 }))).toEqual([
      'other: wanted',
    ]);
    expect(await texts(reader(space, { filter: { agentIds: ['other'], tags: ['facts'] } }))).toHaveLength(1);
    expect(await texts(reader(space, { filter: { agentIds: ['noise'], tags: ['facts'] } }))).toEqual([]);
    const found = await reader(space).entries({ filter: { agentIds: ['noise'] }, limit: 2 });
    expect(found.map(({ text }) => text)).toEqual(['noise: 498', 'noise: 496']);
  });

  it('[D11] gives the newest first, ten unless told otherwise, with falling scores and their sources', async () => {
    const space = open(createMemoryStore());
    for (let index = 0; index < 30; index++) await space.append([entry(`n${index}`, 'other', `${index}`)]);
    const memory = reader(space);
    const items = await recalled(memory);
    expect(items.map(({ source }) => source)).toEqual(Array.from({ length: 10 }, (_, age) => `n${29 - age}`));
    expect(items.every(({ score = 0 }, age) => score > (items[age + 1]?.score ?? 0))).toBe(true);
    await space.append([entry('new', 'other', 'new')]);
    expect((await recalled(memory)).map(({ id }) => id).slice(0, 2)).toEqual(['new', 'n29']);
    expect(await recalled(memory)).toHaveLength(10);
    expect(await recalled(reader(space, { limit: 25 }))).toHaveLength(25);
  });

  it('[D11] reads only what is new, however long the space is', async () => {
    const { store, reads } = counting();
    const space = open(store);
    const costs: number[] = [];
    for (const length of [100, 10_000]) {
      const noise = Array.from({ length }, (_, index) =>
        entry(`n${length}.${index}`, 'other', 'x', ['noise']),
      );
      await space.append(noise);
      await space.append([entry(`w${length}`, 'other', 'wanted', ['facts'])]);
      const memory = reader(open(store), { filter: { tags: ['facts'] } });
      await recalled(memory);
      for (let turn = 0; turn < 3; turn++) {
        await space.append([entry(`t${length}.${turn}`, 'other', 'more', ['facts'])]);
        reads.calls = 0;
        reads.entries = 0;
        expect((await recalled(memory)).length).toBeGreaterThan(turn + 1);
        costs.push(reads.calls * 1000 + reads.entries);
        // Stores read in pages: they must not read one of what is known.
        expect(reads.from).toBeGreaterThan(length);
      }
    }
    // One look, at the entry that was seen last and the one that is new.
    expect(costs).toEqual(Array(6).fill(1002));
  });

  it('[D11] forgets what was redacted, marked or carried out, also when it had read it before', async () => {
    const store = createMemoryStore();
    const rewrite = () => Promise.reject(new Error('killed'));
    const broken = open({ ...store, logs: { ...store.logs, rewrite } });
    const space = open(store);
    await space.append(['a', 'b', 'c'].map((id) => entry(id, 'other', id, [`tag ${id}`])));
    const warm = reader(space);
    expect(await texts(warm)).toEqual(['other: c', 'other: b', 'other: a']);
    await broken.redact(['b']).catch(() => undefined);
    for (const memory of [warm, reader(space)]) expect(await texts(memory)).toEqual(['other: c', 'other: a']);
    expect(await forget(space, { tags: ['tag c'] })).toMatchObject([{ entries: 1 }]);
    for (const memory of [warm, reader(space)]) expect(await texts(memory)).toEqual(['other: a']);
  });

  it('[D11] shows what is only queued, and reads it again where it is stored in the end', async () => {
    const inner = createMemoryStore();
    const space = open(inner);
    await space.append([entry('a', 'other', 'a')]);
    let queued: LogEntry[] = [];
    const logs: Store['logs'] = {
      ...inner.logs,
      async *read(...given) {
        yield* queued;
        yield* inner.logs.read(...given);
      },
    };
    const memory = reader(open({ ...inner, logs }));
    const { id, ...body } = entry('q', 'other', 'queued');
    queued = [{ id, seq: 2, at: 1, revision: 0, pending: true, body: body as unknown as JsonValue }];
    for (let time = 0; time < 2; time++) expect(await texts(memory)).toEqual(['other: queued', 'other: a']);
    queued = [];
    await space.append([entry('x', 'other', 'x'), entry('q', 'other', 'queued')]);
    expect(await texts(memory)).toEqual(['other: queued', 'other: x', 'other: a']);
  });

  it('[D11] starts anew where the space was deleted and begun again', async () => {
    const store = createMemoryStore();
    const space = open(store);
    await space.append(['a', 'b', 'c'].map((id) => entry(id, 'other', id)));
    const memory = reader(space);
    await recalled(memory);
    await store.logs.delete(key);
    expect(await texts(memory)).toEqual([]);
    await space.append(['a', 'b', 'd', 'e'].map((id) => entry(id, 'other', `new ${id}`)));
    expect(await texts(memory)).toEqual(['e', 'd', 'b', 'a'].map((id) => `other: new ${id}`));
    await store.logs.delete(key);
    await space.append(['a', 'b', 'x', 'y', 'z'].map((id) => entry(id, 'other', `newer ${id}`)));
    expect(await texts(memory)).toEqual(['z', 'y', 'x', 'b', 'a'].map((id) => `other: newer ${id}`));
  });

  it('[D11] keeps questions and the last answer, pictures by name, and no tool traffic, cut to size', async () => {
    const space = open(createMemoryStore());
    const memory = agentSpace({ space, agentId: 'a', share: true, maxTokensPerEntry: 60 });
    const picture = { type: 'image', mediaType: 'image/png', data: 'eA==', name: 'map.png' } as const;
    const [question, ...rest] = toolChat('t', 'Where?', 'the tool said so');
    const content = [...(question?.content ?? []), picture];
    await observe(memory, 't', [{ ...(question as Message), content }, ...rest]);
    const [said] = await memory.entries();
    expect(said?.text).toBe('asked of a: Where?\n[a picture "map.png" (image/png)]\na: Done.');
    const long = 'many words of it '.repeat(200);
    await observe(memory, 'long', chat('long', long, long));
    const [cut] = await memory.entries();
    expect(cut?.text).toMatch(/^asked of a: many words.*…\na: many words.*…$/s);
    // With the names of who speaks.
    expect(estimateCounter.countText(cut?.text ?? '')).toBeLessThan(75);
    expect(cut?.text.indexOf('\na:')).toBeLessThan((cut?.text.length ?? 0) / 2);
    await observe(memory, 'tools', rest.slice(0, 2));
    expect(await memory.entries()).toHaveLength(2);
  });

  it('[D11] counts a turn once, and no agent can write in the name of another one', async () => {
    const store = createMemoryStore();
    const share = (agentId: string) => agentSpace({ space: open(store), agentId, share: true });
    for (let time = 0; time < 2; time++) await observe(share('a'), 'b/t', chat('t', 'From a?'));
    await observe(share('a/b'), 't', chat('t', 'From a/b?'));
    expect(await texts(reader(open(store)))).toEqual([
      'asked of a/b: From a/b?\na/b: Noted.',
      'asked of a: From a?\na: Noted.',
    ]);
  });

  it('[D11] publishes by hand, with tags of its own', async () => {
    const space = open(createMemoryStore());
    let count = 0;
    const by = agentSpace({ space, agentId: 'a', tags: ['x'], randomId: () => `id${count++}` });
    expect(await by.publish('first')).toBe('a/id0');
    await by.publish('second', { tags: ['y', 'z'] });
    expect((await by.entries()).map(({ text, tags, agentId }) => ({ text, tags, agentId }))).toEqual([
      { text: 'a: second', tags: ['y', 'z'], agentId: 'a' },
      { text: 'a: first', tags: ['x'], agentId: 'a' },
    ]);
    await expect(by.publish(' ')).rejects.toMatchObject({ code: 'INVALID_INPUT', path: 'text' });
  });

  it('[D11] passes over what is no entry of a space, and refuses what a newer version wrote', async () => {
    const space = open(createMemoryStore());
    await space.append([
      { id: 'm', version: 1, kind: 'message', data: createMessage({ id: 'm', role: 'user', content: 'x' }) },
      { id: 'k', version: 1, kind: 'other/kind', agentId: 'b', data: { asked: '', answered: 'x' } },
      { id: 'd', version: 1, kind: 'space/turn', agentId: 'b', data: { answered: 7 } },
      { id: 'n', version: 1, kind: 'space/turn', data: { asked: '', answered: 'nobody' } },
    ]);
    expect(await texts(reader(space))).toEqual([]);
    await space.append([{ ...entry('v', 'b', 'x'), version: 2 }]);
    await expect(texts(reader(space))).rejects.toMatchObject({ code: 'UNKNOWN_VERSION' });
  });

  it('[D11] refuses options that cannot be, and two spaces can have names of their own', () => {
    const space = open(createMemoryStore());
    for (const wrong of [{ agentId: '' }, { limit: 0 }, { limit: 1.5 }, { maxTokensPerEntry: 0 }])
      expect(() => agentSpace({ space, agentId: 'a', ...wrong })).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT', path: Object.keys(wrong)[0] }),
      );
    expect(agentSpace({ space, agentId: 'a' }).name).toBe('space');
    expect(agentSpace({ space, agentId: 'a', name: 'team' }).name).toBe('team');
  });
});
