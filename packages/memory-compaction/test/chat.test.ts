import {
  type ChatModel,
  type ChatRequest,
  createMemoryStore,
  messageText,
  openThread,
  type Store,
} from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { openai } from '@loci/providers-openai';
import { scriptedModel } from '@loci/testing';
import { startAnthropic } from '@loci/testing/anthropic';
import { startOpenAI } from '@loci/testing/openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChatWithMemoryOptions, chatWithMemory, compaction } from '../src/index.js';
import { filler, said, summariser } from './support.js';

const user = (content: string) => [{ role: 'user' as const, content }];
const echo = () => scriptedModel((_request, call) => `Answer ${call + 1}.`);
const last = (model: { readonly requests: readonly ChatRequest[] }) => said(model.requests.slice(-1));

/** Each way to say where and how it is remembered. */
const forms: readonly [
  string,
  (store: Store) => Pick<ChatWithMemoryOptions, 'thread' | 'store' | 'memory'>,
][] = [
  [
    'options alone, a thread by id',
    (store) => ({ store, thread: 'anna', memory: { tokenThreshold: 50_000 } }),
  ],
  ['options alone, a thread by key', (store) => ({ store, thread: ['chats', 'anna'], memory: {} })],
  [
    'options alone, a thread as an object',
    (store) => ({ thread: openThread({ store, key: ['anna'] }), memory: {} }),
  ],
  ['a manager, a thread by id', (store) => ({ store, thread: 'anna', memory: compaction() })],
  [
    'a manager, a thread as an object',
    (store) => ({ thread: openThread({ store, key: ['anna'] }), memory: compaction() }),
  ],
  ['nothing but a thread', (store) => ({ store, thread: 'anna' })],
];

describe('chatWithMemory', () => {
  it.each(forms)('[D1] one call remembers what another one was told: %s', async (_, form) => {
    const store = createMemoryStore();
    const model = echo();
    const call = (content: string) =>
      chatWithMemory({
        ...(form(store) as ChatWithMemoryOptions),
        model,
        contextWindow: 60_000,
        messages: user(content),
      });
    await call('My dog is called Rex.');
    const answer = await call('What is my dog called?');
    expect(messageText(answer.message)).toBe('Answer 2.');
    expect(last(model)).toContain('My dog is called Rex.');
    expect(last(model)).toContain('Answer 1.');
  });

  it('[D1] two ids are two memories', async () => {
    const store = createMemoryStore();
    const model = echo();
    const call = (thread: string, content: string) =>
      chatWithMemory({ model, store, thread, contextWindow: 60_000, messages: user(content) });
    await call('anna', 'My dog is called Rex.');
    await call('berta', 'What is my dog called?');
    expect(last(model)).not.toContain('Rex');
  });

  it('[D1] compacts by its options, and the next call goes on from the summary', async () => {
    const store = createMemoryStore();
    const model = echo();
    const memory = {
      tokenThreshold: 1500,
      preserveLastMessages: 2,
      summaryModel: summariser('- Rex is a dog.'),
    };
    for (let turn = 0; turn < 14; turn++)
      await chatWithMemory({
        model,
        store,
        thread: 'anna',
        memory,
        contextWindow: 60_000,
        messages: user(`${turn} ${filler}`),
      });
    expect(last(model)).toContain('Rex is a dog.');
    expect(model.requests.at(-1)?.messages.length).toBeLessThan(20);
  });

  it('[D1] system messages are remembered; sent again they are stored once; new ones replace them', async () => {
    const store = createMemoryStore();
    const model = echo();
    const call = (messages: ChatWithMemoryOptions['messages']) =>
      chatWithMemory({ model, store, thread: 'anna', contextWindow: 60_000, messages });
    const tutor = { role: 'system' as const, content: 'You are a Python tutor.' };
    await call([tutor, ...user('One.')]);
    await call(user('Two.'));
    expect(last(model)).toContain('You are a Python tutor.');
    await call([tutor, ...user('Three.')]);
    expect(last(model).split('You are a Python tutor.')).toHaveLength(2);
    await call([{ role: 'system', content: 'You are a cook.' }, ...user('Four.')]);
    expect(last(model)).toContain('You are a cook.');
    expect(last(model)).not.toContain('Python tutor');
    await call([tutor, ...user('Five.')]);
    expect(last(model)).not.toContain('cook');
    expect(last(model)).toContain('Python tutor');
    const view = await openThread({ store, key: ['threads', 'anna'] }).view();
    expect(view.messages.filter(({ role }) => role === 'user').map(messageText)).toEqual([
      'One.',
      'Two.',
      'Three.',
      'Four.',
      'Five.',
    ]);
  });

  it('[D4] system messages survive any number of compactions byte for byte', async () => {
    const store = createMemoryStore();
    const model = echo();
    const memory = compaction({ tokenThreshold: 1500, preserveLastMessages: 2, summaryModel: summariser() });
    const rules = 'Never say “no”. – 日本 🦊';
    for (let turn = 0; turn < 60; turn++)
      await chatWithMemory({
        model,
        store,
        thread: 'anna',
        memory,
        contextWindow: 60_000,
        messages: [
          ...(turn === 0 ? [{ role: 'system' as const, content: rules }] : []),
          ...user(`${turn} ${filler}`),
        ],
      });
    const thread = openThread({ store, key: ['threads', 'anna'] });
    expect((await memory.statistics(thread)).compactions).toBeGreaterThan(3);
    for (const request of model.requests) {
      const [first] = request.messages;
      expect(first?.role === 'system' && messageText(first)).toBe(rules);
    }
  });

  it('[D6] a failing summariser fails nothing; a failing model fails the call and leaves no turn behind', async () => {
    const store = createMemoryStore();
    const failing = scriptedModel([]);
    const memory = { tokenThreshold: 300, preserveLastMessages: 2, summaryModel: failing };
    const base = { store, thread: 'anna', memory, contextWindow: 60_000 };
    for (let turn = 0; turn < 5; turn++)
      await chatWithMemory({ ...base, model: echo(), messages: user(`${turn} ${filler}`) });
    expect(failing.requests.length).toBeGreaterThan(0);
    await expect(
      chatWithMemory({ ...base, model: scriptedModel([]), messages: user('Lost.') }),
    ).rejects.toMatchObject({
      code: 'MODEL',
    });
    const model = echo();
    await chatWithMemory({ ...base, model, messages: user('Kept.') });
    expect(last(model)).not.toContain('Lost.');
  });

  it('[D12] statistics: what is there, what was done, and what it cost', async () => {
    const store = createMemoryStore();
    const model = echo();
    const usage = { input: 900, cacheRead: 0, cacheWrite: 0, output: 20, reasoning: 0 };
    const summaryModel = scriptedModel(() => ({ text: '## Facts\n- Told.', usage }));
    const memory = compaction({ tokenThreshold: 1500, preserveLastMessages: 2, summaryModel });
    for (let turn = 0; turn < 14; turn++)
      await chatWithMemory({
        model,
        store,
        thread: 'anna',
        memory,
        contextWindow: 60_000,
        messages: user(`${turn} ${filler}`),
      });
    const thread = openThread({ store, key: ['threads', 'anna'] });
    const view = await thread.view();
    const statistics = await memory.statistics(thread);
    expect(statistics).toMatchObject({
      compactions: 1,
      calls: 1,
      coverage: 1,
      undone: 0,
      threshold: 1250,
      cost: 1000,
    });
    expect(statistics.currentMessages).toEqual(view.messages);
    expect(statistics.messages).toEqual({ inView: view.messages.length, stored: 28 });
    expect(statistics.tokens).toBe((await memory.plan(thread)).tokens.total);
    expect(statistics.tokensSaved).toBeGreaterThan(500);
    expect(statistics.lastAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['store', { thread: 'anna' }],
    ['agentId', { thread: 'anna', store: createMemoryStore(), share: true }],
    ['agentId', { thread: 'anna', store: createMemoryStore(), includeCrossAgent: true }],
  ])('what is missing is named: %s', async (name, options) => {
    const call = chatWithMemory({
      model: echo(),
      messages: user('Hi.'),
      contextWindow: 60_000,
      ...options,
    } as never);
    await expect(call).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(name),
    });
  });
});

describe('agents that share', () => {
  /** A researcher on one vendor and a summariser on another, through their SDKs, on one memory. */
  async function openAgents() {
    const research = await startOpenAI({ answer: () => 'The well at Ostra gives 4711 litres a day.' });
    const writing = await startAnthropic({ answer: () => 'It gives much water.' });
    onTestFinished(async () => void (await Promise.all([research.close(), writing.close()])));
    const store = createMemoryStore();
    const base = { store, thread: 'report', memory: compaction({ tags: ['water'] }), contextWindow: 60_000 };
    const ask = (agentId: string, model: ChatModel, content: string, more: Partial<ChatWithMemoryOptions>) =>
      chatWithMemory({ ...base, model, agentId, messages: user(content), ...more } as ChatWithMemoryOptions);
    return {
      research: (more: Partial<ChatWithMemoryOptions> = {}) =>
        ask(
          'researcher',
          openai('gpt-5.4', { baseUrl: research.url, apiKey: 'k' }),
          'Research the wells.',
          more,
        ),
      summarise: async (more: Partial<ChatWithMemoryOptions> = {}) => {
        await ask(
          'summariser',
          anthropic('claude-opus-5', { baseUrl: writing.url, apiKey: 'k' }),
          'Summarise the findings.',
          more,
        );
        return JSON.stringify(writing.requests.at(-1)?.body);
      },
    };
  }

  it('[D11] a summariser on one vendor reads what a researcher on another found', async () => {
    const { research, summarise } = await openAgents();
    await research({ share: true });
    const sent = await summarise({ includeCrossAgent: true });
    expect(sent).toContain('4711 litres');
    expect(sent).toContain('researcher');
  });

  it.each([
    ['neither opted in', {}, {}],
    ['only the researcher shared', { share: true }, {}],
    ['only the summariser asked', {}, { includeCrossAgent: true }],
    ['the tags are others', { share: true }, { includeCrossAgent: { tags: ['fire'] } }],
    ['another agent was asked for', { share: true }, { includeCrossAgent: { agentIds: ['critic'] } }],
    ['it is another memory', { share: true }, { includeCrossAgent: true, thread: 'other' }],
  ])('[D11] nothing is shared where %s', async (_, first, second) => {
    const { research, summarise } = await openAgents();
    await research(first);
    expect(await summarise(second)).not.toContain('4711');
  });

  it('[D11] its own words are not brought to an agent twice', async () => {
    const { research, summarise } = await openAgents();
    await research({ share: true });
    await summarise({ share: true, includeCrossAgent: true });
    const sent = await summarise({ share: true, includeCrossAgent: true });
    expect(sent.split('It gives much water.')).toHaveLength(2);
    expect(sent.split('4711')).toHaveLength(2);
  });
});
