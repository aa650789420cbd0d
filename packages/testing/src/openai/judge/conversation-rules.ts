import type { ChatBody, WireMessage } from '../answer.js';
import { invalidRequest, type VendorError } from '../vendor-error.js';

/** The order of calls and results, which no schema states. */
export function judgeConversation(messages: ChatBody['messages']): VendorError | undefined {
  let open = new Set<string>();
  const unanswered = (at: number) => {
    const ids = [...open].join(', ');
    const message = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids}`;
    return invalidRequest(message, `messages.[${at}].role`, null);
  };
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? '')) return orphan(index);
      continue;
    }
    if (open.size > 0) return unanswered(index);
    const refused = message.role === 'assistant' ? judgeAssistant(message, index) : undefined;
    if (refused) return refused;
    open = new Set((message.tool_calls ?? []).map((call) => call.id));
  }
  return open.size > 0 ? unanswered(messages.length) : undefined;
}

function orphan(index: number): VendorError {
  const message =
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
  return invalidRequest(message, `messages.[${index}].role`, null);
}

function judgeAssistant(message: WireMessage, index: number): VendorError | undefined {
  const calls = message.tool_calls ?? [];
  const says =
    message.content ??
    ('refusal' in message ? message.refusal : undefined) ??
    ('function_call' in message ? message.function_call : undefined);
  if (calls.length === 0 && (says === undefined || says === null) && !('audio' in message && message.audio)) {
    return invalidRequest(
      `Invalid value for 'content': expected a string, got null.`,
      `messages.[${index}].content`,
      null,
    );
  }
  const ids = new Set(calls.map((call) => call.id));
  if (ids.size < calls.length)
    return invalidRequest(
      `Duplicate value for 'tool_call_id' in message ${index}.`,
      `messages.[${index}].tool_calls`,
      null,
    );
  return undefined;
}
