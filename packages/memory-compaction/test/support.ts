import {
  type ChatModel,
  type ChatRequest,
  createMemoryStore,
  createMessage,
  type Memory,
  type Message,
  messageText,
  openThread,
  type Part,
  type Thread,
} from '@loci/core';
import { type WithMemoryOptions, withMemory } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';

/** Answers as a summariser should. A stand-in: nothing is read. */
export const summariser = (facts = '- The user told facts.') => scriptedModel(() => `## Facts\n${facts}`);

export const open = (store = createMemoryStore()) => openThread({ store, key: ['chat', 'anna'] });

/** The same model, with a window of so many tokens. */
export const narrow = <T extends ChatModel>(model: T, contextWindow: number): T => ({
  ...model,
  traits: { ...model.traits, contextWindow },
});

/** A thread of so many messages that belong to no turn. */
export async function longThread(messages: number, text = filler): Promise<Thread> {
  const thread = open();
  for (let index = 0; index < messages; index++) {
    const id = `m${index}`;
    const role = index % 2 === 0 ? 'user' : 'assistant';
    const data = createMessage({ id, role, content: `Point ${index}. ${text}` });
    await thread.append([{ id, version: 1, kind: 'message', data }]);
  }
  return thread;
}

/** 120 words: what pads a message of the tests. */
export const filler = 'lorem ipsum dolor sit amet consectetur '.repeat(20).trim();

export interface Chat {
  readonly thread: Thread;
  readonly requests: readonly ChatRequest[];
  say(content: string | readonly Part[]): Promise<Message>;
  /** A tool call with its result, and the answer. */
  useTool(question: string, output: string, toolName?: string): Promise<Message>;
}

/** A chat whose model answers in a few words, and calls a tool where it is told to. */
export function openChat(
  memory: Memory | readonly Memory[],
  more: Partial<Omit<WithMemoryOptions, 'memory' | 'thread'>> & { thread?: Thread; model?: ChatModel } = {},
): Chat {
  const { thread = open(), model: given, ...rest } = more;
  const model = scriptedModel((request, call) => {
    const last = request.messages.at(-1);
    const [, toolName] = /^use (\w+)/.exec(last?.role === 'user' ? messageText(last) : '') ?? [];
    if (toolName === undefined) return { text: `Answer ${call + 1}.` };
    return { toolCalls: [{ toolName, input: { call }, toolCallId: `call-${call + 1}` }] };
  });
  const chat = withMemory(given ?? model, {
    contextWindow: 100_000,
    ...rest,
    thread,
    memory: 'prepare' in memory ? [memory] : memory,
  });
  const send = async (message: Parameters<typeof createMessage>[0]) =>
    (await chat.generate({ messages: [createMessage(message)] })).message;
  return {
    thread,
    requests: model.requests,
    say: (content) => send({ role: 'user', content }),
    async useTool(question, output, toolName = 'look') {
      const asked = await send({ role: 'user', content: `use ${toolName}: ${question}` });
      const [call] = asked.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
      if (!call) throw new Error('The model of the test called no tool.');
      const { toolCallId } = call;
      return send({
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId, toolName, output, isError: false }],
      });
    },
  };
}

export const texts = (messages: readonly Message[]) => messages.map(messageText);

/** Everything that a request says, as one text. */
export const said = (requests: readonly ChatRequest[]) => JSON.stringify(requests);

export const summaryOf = async (thread: Thread) => {
  const { summary } = await thread.view();
  return summary && messageText(summary);
};
