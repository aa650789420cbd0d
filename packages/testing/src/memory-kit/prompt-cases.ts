import { type ChatRequest, createMessage, groupMessages, type Memory, type Message } from '@loci/core';
import { withMemory } from '@loci/core/turn';
import { equal, holds, toArray } from '../kit/assertions.js';
import { scriptedModel } from '../scripted-model.js';
import { memoryCase } from './memory-case.js';
import { ask, contextOf, entriesOf, live, sayings, turnOf, user } from './tools.js';

const writesHistory = (memory: Memory) => memory.writes.includes('history');
/** Another memory, to stand beside the one under test. */
const neighbour: Memory = Object.freeze({
  name: 'a-neighbour',
  writes: ['state'] as const,
  prepare: async () => ({ state: [{ id: 'neighbour', text: 'The neighbour is here.' }] }),
  observe: () => Promise.resolve(),
});

export const promptCases = [
  memoryCase(
    'thread/untouched',
    'a memory changes no message of the thread, and only one that writes history shapes it',
    async (subject) => {
      const { memory, thread } = subject;
      await live(memory, thread, 5);
      await ask(memory, thread);
      const stored = (await toArray(thread.entries())).flatMap((entry) =>
        entry.kind === 'message' ? [entry.data] : [],
      );
      equal(
        stored,
        [0, 1, 2, 3, 4].flatMap((index) => turnOf(index).messages),
      );
      if (!writesHistory(memory)) equal((await thread.view()).basis, null);
    },
  ),

  memoryCase(
    'history/whole',
    'what is hidden is whole groups: never part of one, the open turn or a pinned message',
    async (subject) => {
      const { memory, thread } = subject;
      const pinned = { ...user('Never forget this.', 'pinned'), pinned: true };
      await thread.append([{ id: 'pinned', version: 1, kind: 'message', data: pinned }]);
      for (let index = 0; index < 40; index++) await thread.append(entriesOf(toolTurn(index)));
      const open = entriesOf(toolTurn(40)).slice(0, 3);
      await thread.append(open);
      const look = () => thread.view({ turnId: 'turn-40' });
      const context = contextOf(thread, {
        turnId: 'turn-40',
        budget: { history: 600, state: 100, recalled: 100 },
        view: look,
      });
      const before = await look();
      await memory.prepare(before.open, before, context);
      const after = await look();
      equal(after.open, before.open, 'the open turn is not what it was');
      holds(
        [...after.kept, ...after.messages].some(({ id }) => id === 'pinned'),
        'the pinned message is hidden',
      );
      const own = new Set(after.open);
      const closed = after.messages.filter((message) => !own.has(message));
      holds(
        groupMessages(closed).every(({ complete }) => complete),
        'a call is shown without its result, or a result without its call',
      );
    },
  ),

  memoryCase(
    'history/budget',
    'a memory that writes history brings it into its share of the budget',
    async (subject) => {
      const { memory, thread } = subject;
      if (!writesHistory(memory)) return;
      for (let index = 0; index < 60; index++) await thread.append(entriesOf(turnOf(index)));
      const context = contextOf(thread, { budget: { history: 500, state: 100, recalled: 100 } });
      await memory.prepare([user('And now?', 'now.0')], await thread.view(), context);
      const { messages } = await thread.view();
      const tokens = messages.reduce((sum, message) => sum + context.countTokens(message), 0);
      holds(messages.length > 0, 'nothing is left to see');
      holds(tokens <= 500, `${tokens} tokens are shown where 500 may be`);
    },
  ),

  memoryCase('prompt/no-system', 'nothing of a memory gains the system role', async ({ memory, thread }) => {
    const requests = await chat(memory, [], thread);
    for (const { messages } of requests) {
      const system = messages.filter(({ role }) => role === 'system');
      equal(
        system.map(({ content }) => content),
        [[{ type: 'text', text: 'Be brief.' }]],
      );
    }
  }),

  memoryCase(
    'prompt/order',
    'all memories of a turn see the same frozen input and view, at the same time; the order in which they are given changes nothing.',
    async (subject) => {
      const { memory, thread } = subject;
      for (let index = 0; index < 3; index++) await thread.append(entriesOf(turnOf(index)));
      const { seq } = await thread.view();
      const prompts: string[] = [];
      // It learns nothing here: the second chat must not see what the first one said.
      const plain: Memory = Object.freeze({
        name: memory.name,
        writes: memory.writes,
        prepare: (...given: Parameters<Memory['prepare']>) => memory.prepare(...given),
        observe: () => Promise.resolve(),
      });
      for (const given of [
        [plain, neighbour],
        [neighbour, plain],
      ]) {
        const fork = await thread.fork(seq, ['fork', String(prompts.length)]);
        for (const index of [0, 1, 2]) {
          const turn = turnOf(index);
          await memory.observe(turn, contextOf(fork, { turnId: turn.id }));
        }
        const model = scriptedModel(() => 'ok');
        const chatting = withMemory(model, { thread: fork, memory: given, contextWindow: 8000 });
        await chatting.generate({ messages: [user('What is my dog called?')] });
        prompts.push(
          JSON.stringify(model.requests[0]?.messages.map(({ role, content }) => ({ role, content }))),
        );
      }
      equal(prompts[1], prompts[0]);
    },
  ),
];

/** A turn with a tool call and its result. */
function toolTurn(index: number) {
  const id = `turn-${index}`;
  const toolCallId = `call-${index}`;
  const call = { type: 'tool-call', toolCallId, toolName: 'look', input: { at: index } } as const;
  const result = {
    type: 'tool-result',
    toolCallId,
    toolName: 'look',
    output: 'seen',
    isError: false,
  } as const;
  const messages: Message[] = [
    user(sayings[index % sayings.length] ?? '', `${id}.0`),
    createMessage({ id: `${id}.1`, role: 'assistant', content: [call], createdAt: 1 }),
    createMessage({ id: `${id}.2`, role: 'tool', content: [result], createdAt: 1 }),
    createMessage({ id: `${id}.3`, role: 'assistant', content: 'Seen.', createdAt: 1 }),
  ];
  return { id, messages };
}

/** What a model is asked in a chat with this memory. */
async function chat(
  memory: Memory,
  others: readonly Memory[],
  thread: Parameters<typeof contextOf>[0],
): Promise<readonly ChatRequest[]> {
  const model = scriptedModel(() => 'Noted.');
  const chatting = withMemory(model, { thread, memory: [memory, ...others], contextWindow: 8000 });
  const instructions = createMessage({ id: 'rules', role: 'system', content: 'Be brief.', createdAt: 1 });
  for (const text of sayings) {
    await chatting.generate({ messages: [instructions, user(text)] });
    await chatting.flush();
  }
  return model.requests;
}
