import {
  type ChatEvent,
  type ChatResponse,
  type Clock,
  createMessage,
  type JsonValue,
  type Part,
  randomId,
  systemClock,
  type Usage,
  type Warning,
} from '@loci/core';
import { malformed } from './failures.js';
import { mapFinishReason } from './map-finish-reason.js';

/** What a response says about its call. */
export interface AnswerContext {
  readonly modelId: string;
  /** @default 'openai' */
  readonly provider?: string;
  readonly requestId?: string;
  readonly warnings?: readonly Warning[];
  /** The caller's name of each tool, by its name on the wire. @default as on the wire */
  readonly toolNames?: ReadonlyMap<string, string>;
  readonly clock?: Clock;
}

/** Puts an answer together, from the deltas of a stream or from one whole message. */
export interface AnswerBuilder {
  /** Takes the next delta. Throws `ModelError` `malformed` for what the vendor never sends. */
  add(delta: unknown): ChatEvent[];
  /** Throws `ModelError` `malformed` where a finished tool call has no JSON input. */
  finish(finishReason: string, usage: Usage | null, notes?: JsonValue): ChatResponse;
}

interface Call {
  readonly partIndex: number;
  readonly id: string;
  readonly name: string;
  input: string;
}

type Slot =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; text: string }
  | { readonly type: 'call'; readonly call: Call };

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { modelId, provider = 'openai', requestId, toolNames, clock = systemClock } = context;
  const slots: Slot[] = [];
  const calls = new Map<number, Call>();
  let refused = false;

  const addText = (type: 'text' | 'reasoning', text: unknown): ChatEvent[] => {
    if (text === null || text === undefined || text === '') return [];
    if (typeof text !== 'string') throw malformed(`a ${type} delta is not a string`, requestId);
    let partIndex = slots.findIndex((slot) => slot.type === type);
    if (partIndex === -1) partIndex = slots.push({ type, text: '' }) - 1;
    const slot = slots[partIndex];
    if (slot && slot.type !== 'call') slot.text += text;
    return [{ type: `${type}-delta`, partIndex, text }];
  };

  const addCall = (fragment: unknown, position: number): ChatEvent[] => {
    if (!isObject(fragment) || (fragment['function'] !== undefined && !isObject(fragment['function']))) {
      throw malformed('a tool call is not an object', requestId);
    }
    const called = isObject(fragment['function']) ? fragment['function'] : {};
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : position;
    const { id } = fragment;
    const { name, arguments: inputText = '' } = called;
    if (typeof inputText !== 'string' && inputText !== null)
      throw malformed('the arguments of a tool call are not a string', requestId);
    let call = calls.get(index);
    // Some compatible servers give every parallel call the same index, and tell them apart by id alone.
    const isNext =
      call !== undefined &&
      typeof id === 'string' &&
      id !== '' &&
      id !== call.id &&
      typeof name === 'string' &&
      name !== '';
    if (!call || isNext) {
      if (typeof name !== 'string' || name === '')
        throw malformed('a tool call begins without a name', requestId);
      call = {
        partIndex: slots.length,
        id: typeof id === 'string' && id !== '' ? id : `call_${randomId()}`,
        name: toolNames?.get(name) ?? name,
        input: '',
      };
      slots.push({ type: 'call', call });
      calls.set(index, call);
    }
    call.input += inputText ?? '';
    return [
      {
        type: 'tool-call-delta',
        partIndex: call.partIndex,
        toolCallId: call.id,
        toolName: call.name,
        inputText: inputText ?? '',
      },
    ];
  };

  return {
    add(delta) {
      if (!isObject(delta)) throw malformed('a delta is not an object', requestId);
      const toolCalls = delta['tool_calls'] ?? [];
      if (!Array.isArray(toolCalls)) throw malformed('tool_calls is not a list', requestId);
      if (typeof delta['refusal'] === 'string' && delta['refusal'] !== '') refused = true;
      return [
        ...addText('reasoning', delta['reasoning_content'] ?? delta['reasoning']),
        ...addText('text', delta['content']),
        ...addText('text', delta['refusal']),
        ...toolCalls.flatMap(addCall),
      ];
    },
    finish(wireReason, usage, notes) {
      const warnings = [...(context.warnings ?? [])];
      const content = slots.flatMap((slot): Part[] => {
        if (slot.type === 'text') return [{ type: 'text', text: slot.text }];
        if (slot.type === 'reasoning')
          return [{ type: 'reasoning', text: slot.text, origin: { provider, model: modelId } }];
        const input = parseInput(slot.call.input);
        if (input !== undefined)
          return [{ type: 'tool-call', toolCallId: slot.call.id, toolName: slot.call.name, input }];
        // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
        if (wireReason !== 'length' && wireReason !== 'content_filter')
          throw malformed(`the arguments of a call of the tool ${slot.call.name} are not JSON`, requestId);
        warnings.push({
          code: 'tool-call-cut',
          message: `The answer was cut off inside a call of the tool ${slot.call.name}; the call was left out.`,
        });
        return [];
      });
      const hasCalls = content.some((part) => part.type === 'tool-call');
      const mapped = refused ? 'content-filter' : mapFinishReason(wireReason);
      return {
        message: createMessage({ role: 'assistant', content }, { now: clock.now }),
        // Some compatible servers say `stop` after tool calls.
        finishReason: mapped === 'stop' && hasCalls ? 'tool-calls' : mapped,
        usage,
        model: { provider, modelId, ...(requestId !== undefined && { requestId }) },
        warnings,
        ...(notes !== undefined && { notes: { [provider]: notes } }),
      };
    },
  };
}

/** The input of a call; no text at all is how the vendor writes no input. */
function parseInput(text: string): JsonValue | undefined {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
