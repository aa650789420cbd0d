import {
  type CallOptions,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  createMessage,
  type ErrorKind,
  type ModelErrorData,
  type ModelTraits,
  messageText,
} from '@loci/core';
import {
  createTestClock,
  type ScriptedAnswer,
  type ScriptedModel,
  scriptedModel,
  type TestClock,
} from '@loci/testing';
import { createRouter, type Router, type RouterEvent, type RouterOptions } from '../src/index.js';

export const ask: ChatRequest = {
  messages: [createMessage({ id: 'question', role: 'user', content: 'Count to three.', createdAt: 1 })],
};

/** What a model does with its calls, the last one for ever. `silent`: nothing comes until it is aborted. */
export type Turn = string | ScriptedAnswer | 'silent' | ErrorKind | ModelErrorData;

const usage = { input: 10, cacheRead: 0, cacheWrite: 0, output: 3, reasoning: 0 };
const again: readonly ErrorKind[] = ['rate-limit', 'overloaded', 'server', 'connection'];
const kinds: readonly string[] = [
  ...again,
  'timeout',
  'quota',
  'auth',
  'not-found',
  'context-length',
  'content-filter',
  'invalid-request',
  'truncated',
  'malformed',
];

export function failure(kind: ErrorKind, more: Partial<ModelErrorData> = {}): ScriptedAnswer {
  return { error: { kind, scope: 'model', retry: again.includes(kind) ? 'same' : 'other', ...more } };
}

export interface Stage {
  readonly clock: TestClock;
  readonly events: RouterEvent[];
  /** A model that takes these turns. */
  model(id: string, turns: readonly Turn[], traits?: Partial<ModelTraits>): ScriptedModel;
  router(options: RouterOptions): Router;
  /** The answer, with time going on as far as it has to. */
  generate(router: Router, options?: CallOptions, request?: ChatRequest): Promise<ChatResponse>;
  /** The events and the end of a stream, with time going on. */
  read(router: Router, options?: CallOptions): Promise<{ events: ChatEvent[]; text: string; error: unknown }>;
  /** Lets time go on until the work is done. */
  play<T>(work: Promise<T>): Promise<T>;
}

export function createStage(): Stage {
  const clock = createTestClock();
  const events: RouterEvent[] = [];
  const play = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const mark = () => {
      over = true;
    };
    work.then(mark, mark);
    await clock.advance(0);
    while (!over) {
      const [next] = clock.pending();
      if (next === undefined) throw new Error('The work waits for nothing.');
      await clock.advance(next - clock.now());
    }
    return work;
  };
  return {
    clock,
    events,
    play,
    model: (modelId, turns, traits = {}) =>
      scriptedModel((_, call) => toAnswer(turns[Math.min(call, turns.length - 1)] ?? modelId), {
        modelId,
        traits,
        clock,
      }),
    router: (options) =>
      createRouter({ clock, random: () => 0.5, onEvent: (event) => void events.push(event), ...options }),
    generate: (router, options, request = ask) => play(router.generate(request, options)),
    read: (router, options) => play(readStream(router, options)),
  };
}

async function readStream(router: Router, options?: CallOptions) {
  const events: ChatEvent[] = [];
  let error: unknown;
  try {
    for await (const event of router.stream(ask, options)) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { events, text: textOf(events), error };
}

/** What a reader of the deltas holds at the end. */
export function textOf(events: readonly ChatEvent[]): string {
  let text = '';
  for (const event of events)
    if (event.type === 'restart') text = '';
    else if (event.type === 'text-delta') text += event.text;
  return text;
}

export function answerOf(response: ChatResponse): string {
  return messageText(response.message);
}

function toAnswer(turn: Turn): ScriptedAnswer | Promise<ScriptedAnswer> {
  if (turn === 'silent') return new Promise(() => {});
  if (typeof turn === 'object') return 'kind' in turn ? { error: turn } : { usage, ...turn };
  return kinds.includes(turn) ? failure(turn as ErrorKind) : { text: turn, usage };
}
