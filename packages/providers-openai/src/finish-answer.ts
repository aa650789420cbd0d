import {
  type ChatResponse,
  type Clock,
  createMessage,
  type FinishReason,
  type JsonValue,
  type Origin,
  type Part,
  systemClock,
  type Usage,
  type Warning,
} from '@loci/core';
import { malformed } from './failures.js';

/** What a response says about its call. */
export interface AnswerContext {
  readonly modelId: string;
  /** @default 'openai' */
  readonly provider?: string;
  readonly requestId?: string;
  readonly warnings?: readonly Warning[];
  /** The caller's name of each tool, by its name on the wire. @default as on the wire */
  readonly toolNames?: ReadonlyMap<string, string>;
  /** Of reasoning, whose payload goes back nowhere else. @default provider and model */
  readonly origin?: Origin;
  readonly clock?: Clock;
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
  readonly notes?: JsonValue | undefined;
}

/** The response of an answer that is complete. Throws `ModelError` `malformed` where a finished call has no JSON input. */
export function finishAnswer(
  slots: readonly Slot[],
  context: AnswerContext,
  { finishReason, isCut, usage, notes }: Ending,
): ChatResponse {
  const { modelId, provider = 'openai', requestId, clock = systemClock } = context;
  const { origin = { provider, model: modelId } } = context;
  const warnings = [...(context.warnings ?? [])];
  const content = slots.flatMap((slot): Part[] => {
    if (slot.type === 'text') return [{ type: 'text', text: slot.text }];
    if (slot.type === 'reasoning') return [{ ...slot, origin }];
    // Where the answer was cut off, no text at all is a call that had only begun.
    const isBegun = isCut && (slot.isUnfinished || slot.input.trim() === '');
    const input = isBegun ? undefined : parseInput(slot.input);
    if (input !== undefined) return [{ type: 'tool-call', toolCallId: slot.id, toolName: slot.name, input }];
    // Only an answer that was cut off may end inside a call; that call never ran its course and is left out.
    if (!isCut) throw malformed(`the arguments of a call of the tool ${slot.name} are not JSON`, requestId);
    warnings.push({
      code: 'tool-call-cut',
      message: `The answer was cut off inside a call of the tool ${slot.name}; the call was left out.`,
    });
    return [];
  });
  const hasCalls = content.some((part) => part.type === 'tool-call');
  return {
    message: createMessage({ role: 'assistant', content }, { now: clock.now }),
    // Responses has no word for it, and some servers of Chat Completions say `stop`.
    finishReason: finishReason === 'stop' && hasCalls ? 'tool-calls' : finishReason,
    usage,
    model: { provider, modelId, ...(requestId !== undefined && { requestId }) },
    warnings,
    ...(notes !== undefined && { notes: { [provider]: notes } }),
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
