import {
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  createMessage,
  InvalidInputError,
  type Key,
  type Memory,
  type MessageInput,
  openThread,
  type Store,
  type Thread,
} from '@loci/core';
import { type WithMemoryOptions, withMemory } from '@loci/core/turn';
import { type Compaction, compaction } from '../compaction.js';
import type { CompactionOptions } from '../options/options.js';
import { agentSpace } from '../space/agent-space.js';
import type { SpaceFilter } from '../space/space-entry.js';
import { rememberInstructions } from './remember-instructions.js';

interface ChatOptions
  extends Omit<ChatRequest, 'messages'>,
    Pick<CallOptions, 'signal' | 'deadlineAt' | 'timeouts'>,
    Pick<WithMemoryOptions, 'contextWindow' | 'counter' | 'shares' | 'onEvent'> {
  readonly model: ChatModel;
  /** What is new. System messages are remembered: the newest that were sent hold for every later call. */
  readonly messages: readonly MessageInput[];
  /** A manager, to be used for many calls and threads, or options for one. @default {} */
  readonly memory?: Compaction | CompactionOptions;
  /** Other memories of the turn. @default none */
  readonly memories?: readonly Memory[];
  /**
   * Who speaks. Each agent has a conversation of its own below the thread: nothing of it reaches the others unless
   * `share` and `includeCrossAgent` say so. @default nobody in particular
   */
  readonly agentId?: string;
  /** Whether the other agents of the thread may read what this turn says. @default false */
  readonly share?: boolean;
  /** Whether this turn is told what other agents shared, or which part of it. @default false */
  readonly includeCrossAgent?: boolean | (SpaceFilter & { readonly limit?: number });
}

/** Where it is remembered: a thread, or its id and the store that holds it. */
export type ChatWithMemoryOptions = ChatOptions &
  (
    | { readonly thread: Thread; readonly store?: undefined }
    | { readonly thread: string | Key; readonly store: Store }
  );

/**
 * One call that remembers: sends what is new with the thread's history, compacted where it grows too long, and stores
 * both. Resolves when the turn is durable and every memory has learned from it. Rejects as the model does; a failed
 * summariser fails nothing.
 *
 * @example
 * const chat = { model: openai('gpt-5.4'), store, thread: 'anna', memory: { tokenThreshold: 50_000 } };
 * await chatWithMemory({ ...chat, messages: [{ role: 'user', content: 'My dog is called Rex.' }] });
 * await chatWithMemory({ ...chat, messages: [{ role: 'user', content: 'What is my dog called?' }] });
 */
export async function chatWithMemory(options: ChatWithMemoryOptions): Promise<ChatResponse> {
  const {
    model,
    messages,
    memory = {},
    memories = [],
    thread: _thread,
    store: _store,
    agentId,
    ...rest
  } = options;
  const { share, includeCrossAgent, signal, deadlineAt, timeouts, ...more } = rest;
  const { contextWindow, counter, shares, onEvent, ...request } = more;
  const manager = isManager(memory) ? memory : compaction(memory);
  const root = toThread(options);
  const thread = agentId === undefined ? root : root.sibling([...root.key, 'agents', agentId]);
  const wantsSpace = share === true || (includeCrossAgent ?? false) !== false;
  const { limit, ...filter } = typeof includeCrossAgent === 'object' ? includeCrossAgent : {};
  if (wantsSpace && agentId === undefined)
    throw new InvalidInputError(
      'agentId',
      'is needed to share with other agents or to read what they shared',
    );
  const space =
    wantsSpace && agentId !== undefined
      ? [
          agentSpace({
            space: root.sibling([...root.key, 'space']),
            agentId,
            share: share === true,
            includeCrossAgent: (includeCrossAgent ?? false) !== false,
            filter,
            tags: manager.tags,
            ...defined({ limit }),
          }),
        ]
      : [];
  const tags = manager.tags.length > 0 ? { tags: manager.tags } : {};
  const sent = messages.map((message) => createMessage({ ...tags, ...message }));
  await rememberInstructions(
    thread,
    sent.filter(({ role }) => role === 'system'),
    agentId,
  );
  const chat = withMemory(model, {
    thread,
    memory: [manager, ...space, ...memories],
    ...(agentId === undefined ? {} : { agentId }),
    ...defined({ contextWindow, counter, shares, onEvent }),
  });
  const response = await chat.generate(
    { ...request, messages: sent.filter(({ role }) => role !== 'system') },
    defined({ signal, deadlineAt, timeouts }),
  );
  await chat.flush();
  return response;
}

function toThread({ thread, store }: ChatWithMemoryOptions): Thread {
  if (typeof thread === 'string' || Array.isArray(thread)) {
    if (!store) throw new InvalidInputError('store', 'is needed where the thread is given by its id');
    return openThread({ store, key: typeof thread === 'string' ? ['threads', thread] : thread });
  }
  return thread as Thread;
}

function isManager(memory: Compaction | CompactionOptions): memory is Compaction {
  return 'prepare' in memory;
}

/** Without the properties that are undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
