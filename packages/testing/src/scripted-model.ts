import {
  type CallOptions,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  type Clock,
  createMessage,
  defineModel,
  type FinishReason,
  guardCall,
  type JsonValue,
  ModelError,
  type ModelErrorData,
  type ModelTraits,
  type Part,
  systemClock,
  type Usage,
} from '@loci/core';
import { completeTraits } from './complete-traits.js';

/** One answer of a script. A string is `{ text }`. Reasoning comes first, then text, then the tool calls. */
export interface ScriptedAnswer {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly {
    readonly toolName: string;
    readonly input: JsonValue;
    readonly toolCallId?: string;
  }[];
  /** @default 'tool-calls' where there are calls, else 'stop' */
  readonly finishReason?: FinishReason;
  /** @default null */
  readonly usage?: Usage | null;
  /** Thrown in place of the finish, after the deltas of `text` and `reasoning`; a cut also wins over it. */
  readonly error?: ModelErrorData | Error;
  /** Ends the stream without a finish after this many deltas. */
  readonly cutAfter?: number;
  /** Waits on the clock before each delta and before the finish. @default 0 */
  readonly delayMs?: number;
}

export type Script =
  | readonly (string | ScriptedAnswer)[]
  | ((request: ChatRequest, call: number) => string | ScriptedAnswer | Promise<string | ScriptedAnswer>);

export interface ScriptedModelOptions {
  /** @default 'scripted' */
  readonly modelId?: string;
  /** Features default to 'yes', sizes to 'unknown'. */
  readonly traits?: Partial<ModelTraits>;
  /** @default the machine's own */
  readonly clock?: Clock;
}

export interface ScriptedModel extends ChatModel {
  /** Every request so far, the one that failed included. */
  readonly requests: readonly ChatRequest[];
}

/**
 * A model that answers from a list, one answer per call, or from a function of the request. A list that has run out
 * answers with `ModelError` `invalid-request`. Signal, deadline and time-outs are honoured on the given clock.
 *
 * @example
 * const model = scriptedModel(['Hello.', { toolCalls: [{ toolName: 'weather', input: { city: 'Porto' } }] }]);
 */
export function scriptedModel(script: Script, options: ScriptedModelOptions = {}): ScriptedModel {
  const provider = 'scripted';
  const { modelId = 'scripted', clock = systemClock } = options;
  const requests: ChatRequest[] = [];

  async function* stream(
    request: ChatRequest,
    callOptions: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const call = requests.push(request) - 1;
    const guard = guardCall(callOptions, {}, clock);
    try {
      const answer = await Promise.race([nextAnswer(script, request, call), whenAborted(guard.signal)]);
      if (!answer || guard.failure) throw guard.failure;
      guard.headers();
      const response = toResponse(answer, call, { provider, modelId }, clock);
      for await (const event of guard.watch(play(answer, call, response, clock, guard.signal))) {
        if (guard.failure) throw guard.failure;
        guard.event(true);
        yield event;
        if (guard.failure) throw guard.failure;
      }
      if (guard.failure) throw guard.failure;
    } finally {
      guard.close();
    }
  }

  const model = defineModel({ provider, modelId, traits: completeTraits(options.traits), stream });
  return Object.freeze({ ...model, requests });
}

/** The events of an answer at the pace of the script. */
async function* play(
  answer: ScriptedAnswer,
  call: number,
  response: ChatResponse,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, void, undefined> {
  let sent = 0;
  for (const event of toDeltas(answer, call)) {
    if (sent++ === answer.cutAfter) return;
    await pause(answer.delayMs, clock, signal);
    yield event;
  }
  if (answer.cutAfter !== undefined) return;
  await pause(answer.delayMs, clock, signal);
  if (answer.error) {
    throw answer.error instanceof Error
      ? answer.error
      : new ModelError('The script failed this call.', answer.error);
  }
  yield { type: 'finish', response };
}

async function nextAnswer(script: Script, request: ChatRequest, call: number): Promise<ScriptedAnswer> {
  const answer = typeof script === 'function' ? await script(request, call) : script[call];
  if (answer === undefined) {
    const count = typeof script === 'function' ? 'no' : script.length;
    throw new ModelError(
      `The script has ${count} answers and this is call ${call + 1}. Give it another one.`,
      {
        kind: 'invalid-request',
        scope: 'request',
        retry: 'none',
      },
    );
  }
  return typeof answer === 'string' ? { text: answer } : answer;
}

function toParts(answer: ScriptedAnswer, call: number, origin: { provider: string; model: string }): Part[] {
  const { reasoning, text, toolCalls = [] } = answer;
  const empty = reasoning === undefined && toolCalls.length === 0;
  return [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning, origin } as const]),
    ...(text === undefined && !empty ? [] : [{ type: 'text', text: text ?? '' } as const]),
    ...toolCalls.map(({ toolCallId, ...rest }, index) => ({
      type: 'tool-call' as const,
      toolCallId: toolCallId ?? `call_${call + 1}_${index + 1}`,
      ...rest,
    })),
  ];
}

function* toDeltas(answer: ScriptedAnswer, call: number): Generator<ChatEvent> {
  const parts = toParts(answer, call, { provider: '', model: '' });
  for (const [partIndex, part] of parts.entries()) {
    if (part.type === 'text' || part.type === 'reasoning') {
      for (const text of part.text.match(/\S+\s*|\s+/g) ?? [])
        yield { type: `${part.type}-delta`, partIndex, text };
    } else if (part.type === 'tool-call') {
      const { toolCallId, toolName, input } = part;
      yield { type: 'tool-call-delta', partIndex, toolCallId, toolName, inputText: JSON.stringify(input) };
    }
  }
}

function toResponse(
  answer: ScriptedAnswer,
  call: number,
  model: { provider: string; modelId: string },
  clock: Clock,
): ChatResponse {
  const content = toParts(answer, call, { provider: model.provider, model: model.modelId });
  const fallback = content.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop';
  return {
    message: createMessage({ role: 'assistant', content }, { now: clock.now }),
    finishReason: answer.finishReason ?? fallback,
    usage: answer.usage ?? null,
    model,
    warnings: [],
  };
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Resolves when the time is over or the signal aborts, whichever is first. */
async function pause(ms: number | undefined, clock: Clock, signal: AbortSignal): Promise<void> {
  if (!ms || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, done);
    function done() {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
