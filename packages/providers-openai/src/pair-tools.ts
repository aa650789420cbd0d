import type { Message, ToolCallPart, ToolResultPart } from '@loci/core';

/** Which calls and results of a history may be sent: each call with the one result that answers it. */
export interface ToolPairs {
  /** The results that answer a message's calls, in the order of the calls; calls that are not here have no answer. */
  readonly answered: ReadonlyMap<ToolCallPart, ToolResultPart>;
  /** The results that answer a call. Every other result is an orphan. */
  readonly used: ReadonlySet<ToolResultPart>;
}

/**
 * Pairs calls with results. A result answers a call of the nearest assistant message before it, and only the first one
 * with its id does. A second call with the id of another one in the same message has no answer. Linear.
 */
export function pairTools(messages: readonly Message[]): ToolPairs {
  const answered = new Map<ToolCallPart, ToolResultPart>();
  const used = new Set<ToolResultPart>();
  let open = new Map<string, ToolCallPart>();
  for (const { role, content } of messages) {
    if (role === 'assistant') {
      open = new Map();
      for (const part of content)
        if (part.type === 'tool-call' && !open.has(part.toolCallId)) open.set(part.toolCallId, part);
      continue;
    }
    for (const part of content) {
      const call = part.type === 'tool-result' ? open.get(part.toolCallId) : undefined;
      if (part.type !== 'tool-result' || !call) continue;
      open.delete(part.toolCallId);
      answered.set(call, part);
      used.add(part);
    }
  }
  return { answered, used };
}
