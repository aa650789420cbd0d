import type { LanguageModelV4StreamPart, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import {
  type ChatEvent,
  type ChatResponse,
  type Clock,
  createMessage,
  type FinishReason,
  type JsonValue,
  type Part,
  systemClock,
  type Usage,
  type Warning,
} from '@loci/core';
import { malformed } from './failures.js';
import { isObject, toJson } from './json.js';
import { type Mark, withMarks } from './marks.js';
import { fromFilePart } from './media.js';
import { type CallSlot, type Slot, type TextSlot, toPart } from './slot.js';

/** What a response says about its call. */
export interface AnswerContext {
  /** Name of the vendor in responses and origins. */
  readonly provider: string;
  readonly modelId: string;
  readonly requestId?: string;
  readonly warnings?: readonly Warning[];
  /** The caller's name of each tool, by its name on the wire. @default as on the wire */
  readonly toolNames?: ReadonlyMap<string, string>;
  readonly clock?: Clock;
}

/** How the model said the answer ended. */
interface Ending {
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
  readonly warnings: readonly Warning[];
  readonly notes: { readonly [name: string]: JsonValue };
}

/** Puts an answer together, block by block. */
export interface AnswerBuilder {
  /** The deltas that a part of the stream brings. Throws `ModelError` `malformed` for what no provider may send. */
  add(part: LanguageModelV4StreamPart): ChatEvent[];
  /** Throws `ModelError` `malformed` where a tool call has no JSON input. */
  finish(ending: Ending): ChatResponse;
}

const cutOff: readonly FinishReason[] = ['length', 'content-filter', 'context-window'];

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { provider, modelId, requestId, toolNames, clock = systemClock } = context;
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
    if (!slot) throw malformed(`${type} belongs to no block`, requestId);
    slot.metadata = mergeMetadata(slot.metadata, metadata);
    slot.text += text;
    return text === '' ? [] : [{ type: `${type}-delta`, partIndex: slot.partIndex, text }];
  };
  const beginCall = (toolCallId: string, wireName: string, metadata: unknown): CallSlot => {
    if (toolCallId === '' || wireName === '')
      throw malformed('a tool call begins without an id or a name', requestId);
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
    if (slot.input !== undefined) throw malformed('two tool calls have one id', requestId);
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
          throw malformed('the input of a tool belongs to no call', requestId);
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
    finish({ finishReason, usage, warnings: more, notes }) {
      const warnings = [...(context.warnings ?? []), ...more];
      const origin = { provider, model: modelId };
      const isCut = cutOff.includes(finishReason);
      const content: Part[] = [];
      const marks = new Map<number, Mark>();
      for (const [index, slot] of slots.entries()) {
        const part = toPart(slot, origin);
        if (part === undefined) continue;
        // A call that was cut off before its input looks like one without input, which would run.
        const hasBegun = isCut && index === slots.length - 1 && isEmptyCall(part);
        if (part === 'broken' || hasBegun) {
          const tool = slot.type === 'tool-call' ? slot.toolName : '';
          // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
          if (!isCut) throw malformed(`the input of a call of the tool ${tool} is not JSON`, requestId);
          const message = `The answer was cut off inside a call of the tool ${tool}; the call was left out.`;
          warnings.push({ code: 'tool-call-cut', message });
          continue;
        }
        if ((slot.type === 'text' || slot.type === 'tool-call') && Object.keys(slot.metadata).length > 0)
          marks.set(content.length, { origin, payload: slot.metadata });
        content.push(part);
      }
      if (dropped.size > 0) {
        const message = `Parts of kinds that are not read were left out: ${[...dropped].join(', ')}.`;
        warnings.push({ code: 'part-dropped', message });
      }
      return {
        message: createMessage({ role: 'assistant', content, ...withMarks(marks) }, { now: clock.now }),
        finishReason,
        usage,
        model: { provider, modelId, ...(requestId !== undefined && { requestId }) },
        warnings,
        ...(Object.keys(notes).length > 0 && { notes }),
      };
    },
  };
}

function isEmptyCall(part: ReturnType<typeof toPart>): boolean {
  return typeof part === 'object' && part.type === 'tool-call' && JSON.stringify(part.input) === '{}';
}

function readMetadata(metadata: unknown): { readonly [name: string]: JsonValue } {
  const read = toJson(metadata);
  return isObject(read) ? (read as { readonly [name: string]: JsonValue }) : {};
}

/** Providers say a block's metadata bit by bit; later fields of one provider join the earlier ones. */
function mergeMetadata(known: { readonly [name: string]: JsonValue }, metadata: unknown) {
  const merged = { ...known };
  for (const [name, said] of Object.entries(readMetadata(metadata))) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(said) ? ({ ...before, ...said } as JsonValue) : said;
  }
  return merged;
}
