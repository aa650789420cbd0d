import type { MediaPart, Origin, Part } from '@loci/core';
import { parseInput } from '@loci/core/provider';
import type { Metadata } from './metadata.js';

/** A block of an answer while it is put together. */
export type Slot = TextSlot<'text'> | TextSlot<'reasoning'> | CallSlot | MediaSlot;

interface MediaSlot {
  readonly type: 'media';
  readonly part: MediaPart;
}

export interface TextSlot<T extends 'text' | 'reasoning' = 'text' | 'reasoning'> {
  readonly type: T;
  readonly partIndex: number;
  text: string;
  metadata: Metadata;
}

export interface CallSlot {
  readonly type: 'tool-call';
  readonly partIndex: number;
  readonly toolCallId: string;
  readonly toolName: string;
  /** What was streamed of the input. */
  text: string;
  /** The input in full, as JSON text; `undefined` until the provider has it. */
  input: string | undefined;
  metadata: Metadata;
}

/** The part that a block has become: none for an empty one, 'broken' for a call that has no JSON input in full. */
export function toPart(slot: Slot, origin: Origin): Part | 'broken' | undefined {
  if (slot.type === 'media') return slot.part;
  if (slot.type === 'text') return slot.text === '' ? undefined : { type: 'text', text: slot.text };
  if (slot.type === 'reasoning') {
    const { text, metadata } = slot;
    const hasPayload = Object.keys(metadata).length > 0;
    return text === '' && !hasPayload
      ? undefined
      : { type: 'reasoning', text, origin, ...(hasPayload && { payload: metadata }) };
  }
  const { type, toolCallId, toolName } = slot;
  const input = slot.input === undefined ? undefined : parseInput(slot.input);
  return input === undefined ? 'broken' : { type, toolCallId, toolName, input };
}
