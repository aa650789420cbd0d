import { type ChatEvent, type ChatResponse, type JsonValue, randomId, type Usage } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { type AnswerContext, finishAnswer, type Slot } from './finish-answer.js';
import { mapFinishReason } from './map-finish-reason.js';

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
  readonly slot: Slot & { readonly type: 'call' };
}

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { toolNames } = context;
  const slots: Slot[] = [];
  const calls = new Map<number, Call>();
  let refused = false;

  const addText = (type: 'text' | 'reasoning', text: unknown, events: ChatEvent[]) => {
    if (text === null || text === undefined || text === '') return;
    if (typeof text !== 'string') throw malformed(`a ${type} delta is not a string`);
    let partIndex = slots.findIndex((slot) => slot.type === type);
    if (partIndex === -1) partIndex = slots.push({ type, text: '' }) - 1;
    const slot = slots[partIndex];
    if (slot && slot.type !== 'call') slot.text += text;
    events.push({ type: type === 'text' ? 'text-delta' : 'reasoning-delta', partIndex, text });
  };

  const addCall = (fragment: unknown, position: number, events: ChatEvent[]) => {
    if (!isObject(fragment) || (fragment['function'] !== undefined && !isObject(fragment['function']))) {
      throw malformed('a tool call is not an object');
    }
    const called = isObject(fragment['function']) ? fragment['function'] : {};
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : position;
    const { id } = fragment;
    const { name, arguments: inputText = '' } = called;
    if (typeof inputText !== 'string' && inputText !== null)
      throw malformed('the arguments of a tool call are not a string');
    let call = calls.get(index);
    // Some compatible servers give every parallel call the same index, and tell them apart by id alone.
    const isNext =
      call !== undefined &&
      typeof id === 'string' &&
      id !== '' &&
      id !== call.slot.id &&
      typeof name === 'string' &&
      name !== '';
    if (!call || isNext) {
      if (typeof name !== 'string' || name === '') throw malformed('a tool call begins without a name');
      const slot = {
        type: 'call' as const,
        id: typeof id === 'string' && id !== '' ? id : `call_${randomId()}`,
        name: toolNames?.get(name) ?? name,
        input: '',
      };
      call = { partIndex: slots.push(slot) - 1, slot };
      calls.set(index, call);
    }
    call.slot.input += inputText ?? '';
    events.push({
      type: 'tool-call-delta',
      partIndex: call.partIndex,
      toolCallId: call.slot.id,
      toolName: call.slot.name,
      inputText: inputText ?? '',
    });
  };

  return {
    add(delta) {
      if (!isObject(delta)) throw malformed('a delta is not an object');
      const toolCalls: unknown = delta['tool_calls'] ?? [];
      if (!Array.isArray(toolCalls)) throw malformed('tool_calls is not a list');
      if (typeof delta['refusal'] === 'string' && delta['refusal'] !== '') refused = true;
      const events: ChatEvent[] = [];
      addText('reasoning', delta['reasoning_content'] ?? delta['reasoning'], events);
      addText('text', delta['content'], events);
      addText('text', delta['refusal'], events);
      toolCalls.forEach((call: unknown, position) => {
        addCall(call, position, events);
      });
      return events;
    },
    finish(wireReason, usage, notes) {
      return finishAnswer(slots, context, {
        finishReason: refused ? 'content-filter' : mapFinishReason(wireReason),
        isCut: wireReason === 'length' || wireReason === 'content_filter',
        usage,
        notes,
      });
    },
  };
}
