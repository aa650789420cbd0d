import type { ChatEvent, ChatResponse, JsonValue } from '@loci/core';
import { isObject, malformed } from '@loci/core/provider';
import { type AnswerContext, finishAnswer, type Slot } from './finish-answer.js';
import { mapResponsesFinish } from './map-responses-finish.js';
import { mapResponsesUsage } from './map-responses-usage.js';

/** Puts an answer of the Responses API together, from the deltas of a stream or from whole items. */
export interface ResponsesBuilder {
  /** Takes an event; one of a kind that says nothing about the answer gives no deltas. Throws `ModelError` `malformed` for what the vendor never sends. */
  add(event: Readonly<Record<string, unknown>>): ChatEvent[];
  /** Takes a whole response: the deltas of the items that were not seen yet. */
  complete(response: Readonly<Record<string, unknown>>): ChatEvent[];
  /** The answer, once `complete` has taken it. */
  finish(
    response: Readonly<Record<string, unknown>>,
    notes?: { readonly [name: string]: JsonValue },
  ): ChatResponse;
}

interface Open {
  readonly partIndex: number;
  readonly slot: Slot;
  /** Of the part of a summary that came last. */
  section: unknown;
  isDone: boolean;
}

const textDeltas: Readonly<Record<string, 'text' | 'reasoning'>> = {
  'response.output_text.delta': 'text',
  'response.refusal.delta': 'text',
  'response.reasoning_summary_text.delta': 'reasoning',
  'response.reasoning_text.delta': 'reasoning',
};

export function createResponsesBuilder(context: AnswerContext): ResponsesBuilder {
  const { toolNames } = context;
  const slots: Slot[] = [];
  const byIndex = new Map<unknown, Open>();
  let refused = false;

  const open = (index: unknown, slot: Slot): Open => {
    if (!Number.isInteger(index)) throw malformed('an event belongs to no output item');
    const opened = { partIndex: slots.push(slot) - 1, slot, section: undefined, isDone: false };
    byIndex.set(index, opened);
    return opened;
  };
  const openCall = (index: unknown, item: Readonly<Record<string, unknown>>) => {
    const { call_id: id, name } = item;
    if (typeof id !== 'string' || typeof name !== 'string' || name === '')
      throw malformed('a tool call begins without an id or a name');
    return open(index, { type: 'call', id, name: toolNames?.get(name) ?? name, input: '' });
  };

  const addText = (
    index: unknown,
    type: 'text' | 'reasoning',
    text: unknown,
    section: unknown,
  ): ChatEvent[] => {
    if (typeof text !== 'string') throw malformed(`a ${type} delta is not a string`);
    if (text === '') return [];
    const opened = byIndex.get(index) ?? open(index, { type, text: '' });
    const { slot, partIndex } = opened;
    if (slot.type !== type) throw malformed(`a ${type} delta belongs to another kind of item`);
    const isNext = type === 'reasoning' && slot.text !== '' && section !== opened.section;
    opened.section = section;
    const delta = isNext ? `\n\n${text}` : text;
    slot.text += delta;
    return [{ type: `${type}-delta`, partIndex, text: delta }];
  };

  const addInput = (opened: Open | undefined, text: unknown): ChatEvent[] => {
    if (opened?.slot.type !== 'call' || typeof text !== 'string')
      throw malformed('the arguments of a tool call belong to none, or are not a string');
    const { slot, partIndex } = opened;
    slot.input += text;
    return [
      { type: 'tool-call-delta', partIndex, toolCallId: slot.id, toolName: slot.name, inputText: text },
    ];
  };

  /** What of a whole text was not streamed; the deltas that were seen stand. */
  const rest = (seen: string, whole: string) => (whole.startsWith(seen) ? whole.slice(seen.length) : '');

  const addItem = (index: unknown, item: unknown): ChatEvent[] => {
    if (!isObject(item)) throw malformed('an output item is not an object');
    let opened = byIndex.get(index);
    if (opened?.isDone) return [];
    if (item['type'] === 'function_call') {
      opened ??= openCall(index, item);
      const { slot } = opened;
      const input = item['arguments'] ?? '';
      if (slot.type !== 'call' || typeof input !== 'string') return addInput(undefined, input);
      const isFresh = slot.input === '';
      const left = rest(slot.input, input);
      // An item that was cut off holds no call that may run, whatever its arguments look like.
      slot.isUnfinished = item['status'] === 'incomplete';
      opened.isDone = true;
      return isFresh || left !== '' ? addInput(opened, left) : [];
    }
    if (item['type'] === 'reasoning') {
      opened ??= open(index, { type: 'reasoning', text: '' });
      const { slot } = opened;
      opened.isDone = true;
      if (slot.type !== 'reasoning') throw malformed('reasoning belongs to another kind of item');
      slot.payload = toPayload(item);
      const left = rest(slot.text, textsOf(item['summary'], item['content']).join('\n\n'));
      return left === '' ? [] : addText(index, 'reasoning', left, opened.section);
    }
    if (item['type'] !== 'message') return [];
    refused ||= partsOf(item['content']).some((part) => part['type'] === 'refusal');
    const seen = opened?.slot.type === 'text' ? opened.slot.text : '';
    const events = addText(index, 'text', rest(seen, textsOf(item['content']).join('')), undefined);
    const done = byIndex.get(index);
    if (done) done.isDone = true;
    return events;
  };

  return {
    add(event) {
      const { type, output_index: index, delta } = event;
      const kind = typeof type === 'string' && Object.hasOwn(textDeltas, type) ? textDeltas[type] : undefined;
      if (kind) {
        if (type === 'response.refusal.delta') refused = true;
        return addText(index, kind, delta, event['summary_index']);
      }
      if (type === 'response.function_call_arguments.delta') return addInput(byIndex.get(index), delta);
      if (type === 'response.output_item.done') return addItem(index, event['item']);
      const { item } = event;
      if (type !== 'response.output_item.added' || !isObject(item) || byIndex.has(index)) return [];
      if (item['type'] === 'function_call') openCall(index, item);
      if (item['type'] === 'reasoning') open(index, { type: 'reasoning', text: '' });
      return [];
    },
    complete(response) {
      const output: unknown = response['output'] ?? [];
      if (!Array.isArray(output)) throw malformed('the output is not a list');
      return output.flatMap((item: unknown, index) => addItem(index, item));
    },
    finish(response, notes) {
      const finishReason = refused ? 'content-filter' : mapResponsesFinish(response);
      const isCut = response['status'] === 'incomplete';
      return finishAnswer(slots, context, {
        finishReason,
        isCut,
        usage: mapResponsesUsage(response['usage']),
        notes,
      });
    },
  };
}

/** What goes back to the vendor: from the finished item, because the announced one holds another encrypted content. */
function toPayload(item: Readonly<Record<string, unknown>>): JsonValue {
  const { id, encrypted_content: encrypted } = item;
  return {
    ...(typeof id === 'string' && { id }),
    summary: textsOf(item['summary']).map((text) => ({ type: 'summary_text', text })),
    ...(typeof encrypted === 'string' && { encrypted_content: encrypted }),
  };
}

function textsOf(...lists: readonly unknown[]): string[] {
  return lists
    .flatMap(partsOf)
    .flatMap((part) => [part['text'] ?? part['refusal']])
    .filter((text) => typeof text === 'string');
}

function partsOf(list: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
