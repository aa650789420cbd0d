import {
  type ChatEvent,
  type ChatResponse,
  hashText,
  type JsonValue,
  type Part,
  randomId,
  type Usage,
} from '@loci/core';
import { createWarnings } from '@loci/core/conversation';
import {
  type AnswerContext as AnyAnswerContext,
  buildResponse,
  callCut,
  isObject,
  malformed,
  parseInput,
} from '@loci/core/provider';
import { mapFinishReason } from './map-finish-reason.js';
import { pick } from './read.js';
import { vendor } from './settings.js';
import { createThinking, type Thinking } from './thinking.js';

/** What a response says about its call. */
export interface AnswerContext extends AnyAnswerContext {
  /** @default 'mistral' */
  readonly provider?: string;
}

/** Puts an answer together, from the deltas of a stream or from one whole message. */
export interface AnswerBuilder {
  /** Takes the next delta. Throws `ModelError` `malformed` for what the vendor never sends. */
  add(delta: unknown): ChatEvent[];
  /** Throws `ModelError` `malformed` where a finished tool call has no JSON input. */
  finish(
    finishReason: string,
    usage: Usage | null,
    notes?: { readonly [name: string]: JsonValue },
  ): ChatResponse;
}

interface Call {
  readonly partIndex: number;
  readonly id: string;
  readonly name: string;
  input: string;
}

type Slot =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; readonly thinking: Thinking }
  | { readonly type: 'call'; readonly call: Call };

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { modelId, provider = vendor.name, toolNames } = context;
  const origin = { provider, model: modelId };
  const slots: Slot[] = [];
  const calls = new Map<number, Call>();
  const warnings = createWarnings();

  const addText = (text: unknown): ChatEvent[] => {
    if (typeof text !== 'string') throw malformed('a text is no string');
    if (text === '') return [];
    const last = slots.at(-1);
    if (last?.type === 'text') last.text += text;
    else slots.push({ type: 'text', text });
    return [{ type: 'text-delta', partIndex: slots.length - 1, text }];
  };

  const addThinking = (chunk: Readonly<Record<string, unknown>>): ChatEvent[] => {
    const last = slots.at(-1);
    const slot =
      last?.type === 'reasoning' ? last : ({ type: 'reasoning', thinking: createThinking() } as const);
    const text = slot.thinking.add(chunk);
    if (text === undefined) throw malformed('thinking is no list');
    if (slot !== last) slots.push(slot);
    return text === '' ? [] : [{ type: 'reasoning-delta', partIndex: slots.length - 1, text }];
  };

  const addChunk = (chunk: unknown): ChatEvent[] => {
    if (!isObject(chunk)) throw malformed('content is no object');
    if (chunk['type'] === 'text') return addText(chunk['text']);
    if (chunk['type'] === 'thinking') return addThinking(chunk);
    warnings.add('content-dropped', 'Content of a kind that has no place in a message was left out.');
    return [];
  };

  const addCall = (fragment: unknown, position: number): ChatEvent[] => {
    const called = isObject(fragment) ? fragment['function'] : undefined;
    if (!isObject(fragment) || !isObject(called)) throw malformed('a call is no object');
    const inputText = toInputText(called['arguments']);
    if (inputText === undefined) throw malformed('arguments are neither text nor an object');
    const name = typeof called['name'] === 'string' ? called['name'] : '';
    const id = readId(fragment['id']);
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : position;
    let call = calls.get(index);
    // The SDK fills in the index 0 and the id "null" where the server sent none: a further name is a further call.
    if (!call || (name !== '' && id !== call.id)) {
      if (name === '') throw malformed('a call begins without a name');
      call = {
        partIndex: slots.length,
        // As the vendor's own.
        id: id ?? hashText(randomId()).slice(-9),
        name: toolNames?.get(name) ?? name,
        input: '',
      };
      slots.push({ type: 'call', call });
      calls.set(index, call);
    }
    call.input += inputText;
    const { partIndex, id: toolCallId, name: toolName } = call;
    return [{ type: 'tool-call-delta', partIndex, toolCallId, toolName, inputText }];
  };

  return {
    add(delta) {
      if (!isObject(delta)) throw malformed('a delta is no object');
      const content = delta['content'] ?? '';
      const toolCalls = pick(delta, 'toolCalls', 'tool_calls') ?? [];
      if (!Array.isArray(toolCalls)) throw malformed('calls are no list');
      return [
        ...(Array.isArray(content) ? content.flatMap(addChunk) : addText(content)),
        ...toolCalls.flatMap(addCall),
      ];
    },
    finish(wireReason, usage, notes) {
      const content = slots.flatMap((slot): Part[] => {
        if (slot.type === 'text') return [{ type: 'text', text: slot.text }];
        if (slot.type === 'reasoning') {
          const thought = slot.thinking.finish();
          return thought.text === '' && thought.payload === undefined
            ? []
            : [{ type: 'reasoning', ...thought, origin }];
        }
        const { id: toolCallId, name: toolName } = slot.call;
        const input = parseInput(slot.call.input);
        if (input !== undefined) return [{ type: 'tool-call', toolCallId, toolName, input }];
        // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
        if (wireReason !== 'length' && wireReason !== 'model_length')
          throw malformed(`the arguments of a call of ${toolName} are not JSON`);
        const { code, message } = callCut(toolName);
        warnings.add(code, message);
        return [];
      });
      return buildResponse(
        { ...context, provider },
        { content, finishReason: mapFinishReason(wireReason), usage, warnings: warnings.list(), notes },
      );
    },
  };
}

/** The id of a call; the SDK writes "null" where there is none. */
function readId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' && id !== 'null' ? id : undefined;
}

function toInputText(input: unknown): string | undefined {
  if (input === undefined || input === null) return '';
  if (typeof input === 'string') return input;
  return isObject(input) ? JSON.stringify(input) : undefined;
}
