import type { ChatEvent, ChatResponse, JsonValue, Part, Usage, Warning } from '@loci/core';
import {
  type AnswerContext as AnyAnswerContext,
  buildResponse,
  callCut,
  isObject,
  malformed,
} from '@loci/core/provider';
import { mapStopReason } from './map-stop-reason.js';
import { mapUsage } from './map-usage.js';
import { vendor } from './settings.js';
import { type Slot, toPart } from './slot.js';
import { toNotes } from './to-notes.js';

/** What a response says about its call. */
export interface AnswerContext extends AnyAnswerContext {
  /** @default 'anthropic' */
  readonly provider?: string;
}

/** Puts an answer together, block by block. */
export interface AnswerBuilder {
  /** A block begins, whole or empty. Throws `ModelError` `malformed` for what the vendor never sends. */
  open(index: unknown, block: unknown): ChatEvent[];
  /** More of a block that has begun. */
  add(index: unknown, delta: unknown): ChatEvent[];
  /** Usage so far. Later counts replace earlier ones: they are cumulative. */
  count(usage: unknown): void;
  readonly usage: Usage | null;
  /** Throws `ModelError` `malformed` where a finished tool call has no JSON input. */
  finish(ending: Ending): ChatResponse;
}

/** How the vendor said the answer ended. */
interface Ending {
  readonly stopReason: string;
  readonly stopDetails?: unknown;
  readonly notes?: { readonly [name: string]: JsonValue } | undefined;
}

const cutOff: readonly string[] = ['max_tokens', 'refusal', 'model_context_window_exceeded'];

export function createAnswerBuilder(context: AnswerContext): AnswerBuilder {
  const { modelId, provider = vendor.name, toolNames } = context;
  const slots: Slot[] = [];
  const byIndex = new Map<unknown, Slot>();
  const foreign = new Set<string>();
  const counted: Record<string, unknown> = {};

  const textOf = (holder: Readonly<Record<string, unknown>>, name: string): string => {
    const text = holder[name] ?? '';
    if (typeof text !== 'string') throw malformed(`\`${name}\` is not a string`);
    return text;
  };
  const addText = (slot: Slot, text: string): ChatEvent[] => {
    if (text === '') return [];
    if (slot.type === 'text') {
      slot.text += text;
      return [{ type: 'text-delta', partIndex: slot.partIndex, text }];
    }
    if (slot.type !== 'thinking') throw malformed('text was added to a block that has none');
    slot.thinking += text;
    return [{ type: 'reasoning-delta', partIndex: slot.partIndex, text }];
  };
  const addInput = (slot: Slot, inputText: string): ChatEvent[] => {
    if (slot.type !== 'tool_use') throw malformed('input was added to a block that is no call');
    slot.json += inputText;
    const { partIndex, id: toolCallId, name: toolName } = slot;
    return [{ type: 'tool-call-delta', partIndex, toolCallId, toolName, inputText }];
  };

  const toSlot = (block: Readonly<Record<string, unknown>>): Slot | undefined => {
    const partIndex = slots.length;
    switch (block['type']) {
      case 'text':
        return { type: 'text', partIndex, text: '' };
      case 'thinking':
        return { type: 'thinking', partIndex, thinking: '', signature: textOf(block, 'signature') };
      case 'redacted_thinking':
        return { type: 'redacted_thinking', data: textOf(block, 'data') };
      case 'tool_use': {
        const [id, name] = [textOf(block, 'id'), textOf(block, 'name')];
        if (id === '' || name === '') throw malformed('a tool call begins without an id or a name');
        return {
          type: 'tool_use',
          partIndex,
          id,
          name: toolNames?.get(name) ?? name,
          json: '',
          input: block['input'],
        };
      }
      default:
        foreign.add(String(block['type']));
        return undefined;
    }
  };

  return {
    open(index, block) {
      if (!isObject(block)) throw malformed('a block is not an object');
      const slot = toSlot(block);
      if (!slot) return [];
      slots.push(slot);
      byIndex.set(index, slot);
      if (slot.type === 'tool_use') return addInput(slot, '');
      return slot.type === 'redacted_thinking' ? [] : addText(slot, textOf(block, slot.type));
    },
    add(index, delta) {
      if (!isObject(delta)) throw malformed('a delta is not an object');
      const slot = byIndex.get(index);
      if (!slot) {
        if (foreign.size > 0) return [];
        throw malformed('a delta belongs to no block');
      }
      switch (delta['type']) {
        case 'text_delta':
          return addText(slot, textOf(delta, 'text'));
        case 'thinking_delta':
          return addText(slot, textOf(delta, 'thinking'));
        case 'signature_delta':
          if (slot.type === 'thinking') slot.signature += textOf(delta, 'signature');
          return [];
        case 'input_json_delta':
          return addInput(slot, textOf(delta, 'partial_json'));
        default:
          // Citations, and what the vendor may add.
          return [];
      }
    },
    count(usage) {
      if (!isObject(usage)) return;
      for (const name in usage) if (usage[name] !== null) counted[name] = usage[name];
    },
    get usage() {
      return mapUsage(counted);
    },
    finish({ stopReason, stopDetails, notes }) {
      const warnings: Warning[] = [];
      const origin = { provider, model: modelId };
      const isCut = cutOff.includes(stopReason);
      const content = slots.flatMap((slot, index): Part[] => {
        const part = toPart(slot, origin);
        // A call that was cut off before its input looks like one without input, which would run.
        const hasBegun = isCut && index === slots.length - 1 && isEmptyCall(part);
        if (part !== 'broken' && !hasBegun) return part ? [part] : [];
        const tool = slot.type === 'tool_use' ? slot.name : '';
        // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
        if (!isCut) throw malformed(`the input of a call of the tool ${tool} is not JSON`);
        warnings.push(callCut(tool));
        return [];
      });
      if (foreign.size > 0) {
        warnings.push({
          code: 'block-dropped',
          message: `Blocks of kinds that are not read were left out: ${[...foreign].join(', ')}.`,
        });
      }
      return buildResponse(
        { ...context, provider },
        {
          content,
          finishReason: mapStopReason(stopReason),
          usage: mapUsage(counted),
          warnings,
          notes: { ...notes, ...toNotes(counted, stopDetails) },
        },
      );
    },
  };
}

function isEmptyCall(part: ReturnType<typeof toPart>): boolean {
  return typeof part === 'object' && part.type === 'tool-call' && JSON.stringify(part.input) === '{}';
}
