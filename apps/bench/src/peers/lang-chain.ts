import { createMessage, type Message, messageText } from '@loci/core';
import { countMessage, estimateCounter } from '@loci/core/turn';
import type { Contender, Stage } from '../compaction/contender.js';
import { rewriting } from '../compaction/rewriting.js';
import { contextWindow, partText } from '../compaction/stand-in.js';
import { load } from './load.js';

/** The little that is called of LangChain. */
interface BaseMessage {
  readonly id?: string;
  readonly content: unknown;
  readonly additional_kwargs?: { readonly lc_source?: string };
}
interface Messages {
  readonly HumanMessage: new (fields: object) => BaseMessage;
  readonly AIMessage: new (fields: object) => BaseMessage;
  readonly ToolMessage: new (fields: object) => BaseMessage;
  trimMessages(messages: readonly BaseMessage[], options: object): Promise<readonly BaseMessage[]>;
}
interface LangChain {
  summarizationMiddleware(options: object): {
    beforeModel(
      state: { readonly messages: readonly BaseMessage[] },
      runtime: object,
    ): Promise<{ readonly messages: readonly BaseMessage[] } | undefined>;
  };
}

/** Of the window; where ours begins by default, too. */
const threshold = Math.floor(contextWindow * 0.75);

/** LangChain's own code: its trimmer, its summarisation as it is by default, and with a summariser that sees everything. */
export async function openLangChain(folder: string): Promise<readonly Contender[]> {
  const messages = await load<Messages>(folder, '@langchain/core/messages');
  const { summarizationMiddleware } = await load<LangChain>(folder, 'langchain');
  const summarising = (name: string, options: object) =>
    rewriting(name, (stage) => {
      const { beforeModel } = summarizationMiddleware({
        model: summariser(stage),
        trigger: { tokens: threshold },
        tokenCounter: countAll,
        ...options,
      });
      return async (history) => {
        const result = await beforeModel({ messages: history.map(toTheirs(messages)) }, { context: {} });
        if (!result) return { history };
        return { history: result.messages.filter(({ id }) => id !== removeAll).map(toOurs(history)) };
      };
    });
  // What is trimmed once would be trimmed every time, so it need not be kept.
  const trimming = rewriting('LangChain trimMessages', () => async (history) => {
    const trimmed = await messages.trimMessages(history.map(toTheirs(messages)), {
      maxTokens: threshold,
      tokenCounter: countAll,
      strategy: 'last',
      startOn: 'human',
    });
    return { history: trimmed.map(toOurs(history)) };
  });
  return [
    trimming,
    summarising('LangChain summarizationMiddleware', {}),
    summarising('LangChain summarizationMiddleware, untrimmed', { trimTokensToSummarize: contextWindow }),
  ];
}

const removeAll = '__remove_all__';
const sizes = new WeakMap<object, number>();
const original = Symbol('original');
type Theirs = BaseMessage & { readonly [original]?: Message };

/** As our counter sees them, so that all contenders go by the same figures. */
function countAll(all: readonly Theirs[]): number {
  return all.reduce((sum, message) => {
    const known = message[original];
    if (!known) return sum + 4 + estimateCounter.countText(String(message.content));
    const size = sizes.get(known) ?? countMessage(estimateCounter, known);
    sizes.set(known, size);
    return sum + size;
  }, 0);
}

function toTheirs({ HumanMessage, AIMessage, ToolMessage }: Messages) {
  return (message: Message): Theirs => {
    const { id, role } = message;
    const content = message.content
      .filter(({ type }) => type !== 'tool-call')
      .map(partText)
      .join('\n');
    const [part] = message.content;
    const made =
      role === 'assistant'
        ? new AIMessage({ id, content, tool_calls: message.content.flatMap(toToolCall) })
        : part?.type === 'tool-result'
          ? new ToolMessage({ id, content, tool_call_id: part.toolCallId, name: part.toolName })
          : new HumanMessage({ id, content });
    return Object.assign(made, { [original]: message });
  };
}

function toToolCall(part: Message['content'][number]): object[] {
  if (part.type !== 'tool-call') return [];
  return [{ id: part.toolCallId, name: part.toolName, args: part.input, type: 'tool_call' }];
}

function toOurs(history: readonly Message[]) {
  const byId = new Map(history.map((message) => [message.id, message]));
  return ({ id = '', content, additional_kwargs }: BaseMessage): Message => {
    const known = byId.get(id);
    // A summary bears the id of the first message that it stands for.
    if (known && additional_kwargs?.lc_source === undefined) return known;
    return createMessage({ role: 'user', id: `${id} in short`, createdAt: 0, content: String(content) });
  };
}

/** What the middleware calls of a model. */
function summariser({ model }: Stage): object {
  return {
    async invoke(prompt: string) {
      const { message } = await model.generate({
        messages: [createMessage({ role: 'user', id: 'summarise', createdAt: 0, content: prompt })],
      });
      return { content: messageText(message) };
    },
  };
}
