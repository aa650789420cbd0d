import type { ChatResponse, FinishReason, JsonValue, Origin, Part, Usage, Warning } from '@loci/core';
import {
  type AnswerContext as AnyAnswerContext,
  buildResponse,
  callCut,
  malformed,
  parseInput,
} from '@loci/core/provider';
import { vendor } from './settings.js';

/** What a response says about its call. */
export interface AnswerContext extends AnyAnswerContext {
  /** @default 'openai' */
  readonly provider?: string;
  /** Of reasoning, whose payload goes back nowhere else. @default provider and model */
  readonly origin?: Origin;
}

/** One part of an answer while it comes in; its index is that of the part. */
export type Slot =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; text: string; payload?: JsonValue }
  | {
      readonly type: 'call';
      readonly id: string;
      readonly name: string;
      input: string;
      isUnfinished?: boolean;
    };

export interface Ending {
  readonly finishReason: FinishReason;
  /** The answer was cut off, so that its last call may be unfinished. */
  readonly isCut: boolean;
  readonly usage: Usage | null;
  readonly notes?: { readonly [name: string]: JsonValue } | undefined;
}

/** The response of an answer that is complete. Throws `ModelError` `malformed` where a finished call has no JSON input. */
export function finishAnswer(
  slots: readonly Slot[],
  context: AnswerContext,
  { finishReason, isCut, usage, notes }: Ending,
): ChatResponse {
  const { provider = vendor.name } = context;
  const { origin = { provider, model: context.modelId } } = context;
  const warnings: Warning[] = [];
  const content = slots.flatMap((slot): Part[] => {
    if (slot.type === 'text') return [{ type: 'text', text: slot.text }];
    if (slot.type === 'reasoning') return [{ ...slot, origin }];
    // Where the answer was cut off, no text at all is a call that had only begun.
    const isBegun = isCut && (slot.isUnfinished || slot.input.trim() === '');
    const input = isBegun ? undefined : parseInput(slot.input);
    if (input !== undefined) return [{ type: 'tool-call', toolCallId: slot.id, toolName: slot.name, input }];
    // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
    if (!isCut) throw malformed(`the arguments of a call of the tool ${slot.name} are not JSON`);
    warnings.push(callCut(slot.name));
    return [];
  });
  return buildResponse({ ...context, provider }, { content, finishReason, usage, warnings, notes });
}
