import {
  type ChatResponse,
  createMessage,
  type FinishReason,
  type Part,
  systemClock,
  type Usage,
  type Warning,
} from '@loci/core';
import { type AnswerContext as Context, callCut, malformed } from '@loci/core/provider';
import { type Mark, withMarks } from './marks.js';
import { type Slot, toPart } from './slot.js';

/** What a response says about its call. */
export interface AnswerContext extends Context {
  /** Name of the vendor in responses and origins. */
  readonly provider: string;
}

/** How the model said the answer ended. */
export interface Ending {
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
  readonly warnings: readonly Warning[];
  readonly notes: NonNullable<ChatResponse['notes']>;
}

const cutOff: readonly FinishReason[] = ['length', 'content-filter', 'context-window'];

/** The response of an answer that has ended. Throws `ModelError` `malformed` where a tool call has no JSON input. */
export function toResponse(
  slots: readonly Slot[],
  dropped: readonly string[],
  { finishReason, usage, warnings: said, notes }: Ending,
  context: AnswerContext,
): ChatResponse {
  const { provider, modelId, requestId, clock = systemClock } = context;
  const warnings = [...(context.warnings ?? []), ...said];
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
      if (!isCut) throw malformed(`the input of a call of the tool ${tool} is not JSON`);
      warnings.push(callCut(tool));
      continue;
    }
    if ((slot.type === 'text' || slot.type === 'tool-call') && Object.keys(slot.metadata).length > 0)
      marks.set(content.length, { origin, payload: slot.metadata });
    content.push(part);
  }
  if (dropped.length > 0) {
    const message = `Parts of kinds that are not read were left out: ${dropped.join(', ')}.`;
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
}

function isEmptyCall(part: ReturnType<typeof toPart>): boolean {
  return typeof part === 'object' && part.type === 'tool-call' && JSON.stringify(part.input) === '{}';
}
