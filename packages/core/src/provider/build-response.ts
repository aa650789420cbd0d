import { type Clock, systemClock } from '../clock.js';
import { createMessage } from '../message/create-message.js';
import type { JsonValue, Part } from '../message/message.js';
import type { ChatResponse, FinishReason, Usage, Warning } from '../model/model.js';

/** What a response says about its call. */
export interface AnswerContext {
  readonly modelId: string;
  /** @default the vendor's own name */
  readonly provider?: string;
  readonly requestId?: string | undefined;
  readonly warnings?: readonly Warning[];
  /** The caller's name of each tool, by its name on the wire. @default as on the wire */
  readonly toolNames?: ReadonlyMap<string, string>;
  /** @default the machine's own */
  readonly clock?: Clock;
}

export interface AnswerParts {
  readonly content: readonly Part[];
  /** `stop` of an answer that has calls becomes `tool-calls`. */
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
  /** Beside those of the context. */
  readonly warnings?: readonly Warning[];
  /** What else the vendor said, for `response.notes` under the provider's name; left out where it is empty. */
  readonly notes?: { readonly [name: string]: JsonValue } | undefined;
}

/** The response of an answer that is complete. */
export function buildResponse(
  {
    modelId,
    provider,
    requestId,
    clock = systemClock,
    ...context
  }: AnswerContext & { readonly provider: string },
  { content, finishReason, usage, warnings = [], notes = {} }: AnswerParts,
): ChatResponse {
  const hasCalls = content.some((part) => part.type === 'tool-call');
  return {
    message: createMessage({ role: 'assistant', content }, { now: clock.now }),
    // Some APIs have no word for it, and some servers say `stop`.
    finishReason: finishReason === 'stop' && hasCalls ? 'tool-calls' : finishReason,
    usage,
    model: { provider, modelId, ...(requestId !== undefined && { requestId }) },
    warnings: [...(context.warnings ?? []), ...warnings],
    ...(Object.keys(notes).length > 0 && { notes: { [provider]: notes } }),
  };
}

/** The input of a tool call from its JSON text, no text at all being no input; `undefined` where it is not JSON. */
export function parseInput(text: string): JsonValue | undefined {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** That a call was left out because the answer was cut off inside it. */
export function callCut(toolName: string): Warning {
  return {
    code: 'tool-call-cut',
    message: `The answer was cut off inside a call of the tool ${toolName}; the call was left out.`,
  };
}
