import type { LanguageModelV4StreamPart, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import type { ChatEvent, ChatResponse } from '@loci/core';
import { malformed } from '@loci/core/provider';
import { fromFilePart } from './media.js';
import { mergeMetadata, readMetadata } from './metadata.js';
import type { CallSlot, Slot, TextSlot } from './slot.js';
import { type AnswerContext, type Ending, toResponse } from './to-response.js';

/** Puts an answer together, block by block. */
export interface AnswerBuilder {
  /** The deltas that a part of the stream brings. Throws `ModelError` `malformed` for what no provider may send. */
  add(part: LanguageModelV4StreamPart): ChatEvent[];
  /** Throws `ModelError` `malformed` where a tool call has no JSON input. */
  finish(ending: Ending): ChatResponse;
}

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { toolNames } = context;
  const slots: Slot[] = [];
  const open = new Map<string, TextSlot>();
  const calls = new Map<string, CallSlot>();
  /** Calls that the provider runs itself. */
  const foreignCalls = new Set<string>();
  const dropped = new Set<string>();

  const begin = (type: TextSlot['type'], id: string, metadata: unknown) => {
    const slot: TextSlot = { type, partIndex: slots.length, text: '', metadata: readMetadata(metadata) };
    slots.push(slot);
    open.set(`${type} ${id}`, slot);
  };
  const more = (type: TextSlot['type'], id: string, text: string, metadata: unknown): ChatEvent[] => {
    const slot = open.get(`${type} ${id}`);
    if (!slot) throw malformed(`${type} belongs to no block`);
    slot.metadata = mergeMetadata(slot.metadata, metadata);
    slot.text += text;
    return text === '' ? [] : [{ type: `${type}-delta`, partIndex: slot.partIndex, text }];
  };
  const beginCall = (toolCallId: string, wireName: string, metadata: unknown): CallSlot => {
    if (toolCallId === '' || wireName === '') throw malformed('a tool call begins without an id or a name');
    const toolName = toolNames?.get(wireName) ?? wireName;
    const partIndex = slots.length;
    const slot: CallSlot = {
      type: 'tool-call',
      partIndex,
      toolCallId,
      toolName,
      text: '',
      input: undefined,
      metadata: readMetadata(metadata),
    };
    slots.push(slot);
    calls.set(toolCallId, slot);
    return slot;
  };
  const addInput = (slot: CallSlot, inputText: string): ChatEvent => {
    slot.text += inputText;
    const { partIndex, toolCallId, toolName } = slot;
    return { type: 'tool-call-delta', partIndex, toolCallId, toolName, inputText };
  };
  const completeCall = (part: LanguageModelV4ToolCall): ChatEvent[] => {
    const begun = calls.get(part.toolCallId);
    const slot = begun ?? beginCall(part.toolCallId, part.toolName, undefined);
    if (slot.input !== undefined) throw malformed('two tool calls have one id');
    slot.input = part.input;
    slot.metadata = mergeMetadata(slot.metadata, part.providerMetadata);
    return slot.text === '' ? [addInput(slot, part.input)] : [];
  };
  const drop = (what: string): ChatEvent[] => {
    dropped.add(what);
    return [];
  };

  return {
    add(part) {
      switch (part.type) {
        case 'text-start':
          begin('text', part.id, part.providerMetadata);
          return [];
        case 'reasoning-start':
          begin('reasoning', part.id, part.providerMetadata);
          return [];
        case 'text-delta':
          return more('text', part.id, part.delta, part.providerMetadata);
        case 'reasoning-delta':
          return more('reasoning', part.id, part.delta, part.providerMetadata);
        case 'text-end':
        case 'reasoning-end': {
          const type = part.type === 'text-end' ? 'text' : 'reasoning';
          more(type, part.id, '', part.providerMetadata);
          // Some providers give the next block the same id.
          open.delete(`${type} ${part.id}`);
          return [];
        }
        case 'tool-input-start':
          if (part.providerExecuted) {
            foreignCalls.add(part.id);
            return drop('calls that the provider ran itself');
          }
          return [addInput(beginCall(part.id, part.toolName, part.providerMetadata), '')];
        case 'tool-input-delta': {
          const slot = calls.get(part.id);
          if (slot) return [addInput(slot, part.delta)];
          if (foreignCalls.has(part.id)) return [];
          throw malformed('the input of a tool belongs to no call');
        }
        case 'tool-call':
          return part.providerExecuted ? drop('calls that the provider ran itself') : completeCall(part);
        case 'tool-result':
          return drop('calls that the provider ran itself');
        case 'file': {
          const media = fromFilePart(part);
          if (media) slots.push({ type: 'media', part: media });
          return [];
        }
        case 'source':
        case 'reasoning-file':
        case 'tool-approval-request':
          return drop(`${part.type} parts`);
        default:
          return [];
      }
    },
    finish: (ending) => toResponse(slots, [...dropped], ending, context),
  };
}
