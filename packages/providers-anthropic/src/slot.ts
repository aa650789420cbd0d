import type { JsonValue, Origin, Part } from '@loci/core';
import { isObject } from '@loci/core/provider';

/** A block of an answer while it is put together. */
export type Slot =
  | { readonly type: 'text'; readonly partIndex: number; text: string }
  | { readonly type: 'thinking'; readonly partIndex: number; thinking: string; signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly partIndex: number;
      readonly id: string;
      readonly name: string;
      /** As JSON text; empty until a delta brings it, or where the block came whole. */
      json: string;
      readonly input: unknown;
    };

/** The part that a block has become: none for an empty text, 'broken' for a call whose input is no JSON object. */
export function toPart(slot: Slot, origin: Origin): Part | 'broken' | undefined {
  if (slot.type === 'text') return slot.text === '' ? undefined : { type: 'text', text: slot.text };
  if (slot.type === 'thinking') {
    const { type, thinking, signature } = slot;
    return { type: 'reasoning', text: thinking, origin, payload: { type, thinking, signature } };
  }
  if (slot.type === 'redacted_thinking')
    return { type: 'reasoning', text: '', origin, payload: { type: slot.type, data: slot.data } };
  try {
    // No text at all is how no input is streamed; a block that came whole has its input already.
    const text = slot.json.trim() === '' ? JSON.stringify(slot.input ?? {}) : slot.json;
    const input = JSON.parse(text) as JsonValue;
    // The vendor's inputs are objects; anything else is what is left of one.
    if (!isObject(input)) return 'broken';
    return { type: 'tool-call', toolCallId: slot.id, toolName: slot.name, input };
  } catch {
    return 'broken';
  }
}
