import type { MistralBody, MistralMessage } from '../answer.js';
import { type MistralRefusal, vendorRefusal, wrongCall, wrongOrder } from '../refusal.js';

/** What may directly follow a message, by its role. */
const followers: Readonly<Record<string, readonly string[]>> = {
  system: ['user', 'assistant', 'system'],
  user: ['assistant', 'system', 'user'],
  assistant: ['assistant', 'user', 'tool'],
  tool: ['assistant', 'tool'],
};
const functionName = /^[a-zA-Z0-9_-]{1,64}$/;
const callId = /^[a-zA-Z0-9]{9}$/;

/** The order of messages, calls and results, which no schema states. */
export function judgeConversation(messages: MistralBody['messages']): MistralRefusal | undefined {
  const last = messages.at(-1);
  if (!last) return wrongOrder('Conversation must have at least one message');
  if (messages.length === 1 && last.role !== 'user' && last.role !== 'system')
    return wrongOrder('Conversation must start with a user message or system message');
  for (const [index, message] of messages.entries()) {
    const refused = judgeMessage(message, index === messages.length - 1);
    if (refused) return refused;
  }
  const before = messages.slice(0, -1);
  const at = before.findIndex(
    ({ role }, index) => !followers[role]?.includes(messages[index + 1]?.role ?? ''),
  );
  if (at !== -1)
    return wrongOrder(`Unexpected role '${messages[at + 1]?.role}' after role '${messages[at]?.role}'`);
  const serves =
    last.role === 'user' || last.role === 'tool' || last.prefix === true || messages.length === 1;
  if (!serves)
    return wrongOrder(
      `Expected last role User or Tool (or Assistant with prefix True) for serving but got ${last.role}`,
    );
  return judgePairs(messages);
}

function judgeMessage(message: MistralMessage, isLast: boolean): MistralRefusal | undefined {
  const { role, content, tool_calls: calls } = message;
  if (role === 'tool') {
    if (typeof message.tool_call_id !== 'string') return wrongCall('Tool call id has to be defined.');
    if (typeof message.name !== 'string') return wrongCall('Tool message must have a name.');
    return judgeId(message.tool_call_id) ?? judgeName(message.name);
  }
  if (role !== 'assistant') return undefined;
  // An empty string and an empty list count as nothing.
  if (!content?.length && !calls?.length)
    return wrongAssistant('Assistant message must have either content or tool_calls, but not none.');
  if (message.prefix && !isLast)
    return wrongAssistant('Assistant message with prefix True must be last message');
  for (const call of calls ?? []) {
    const refused = judgeId(call.id ?? 'null') ?? judgeName(call.function.name);
    if (refused) return refused;
  }
  return undefined;
}

/** Each call is answered once, directly after the message that makes it. */
function judgePairs(messages: readonly MistralMessage[]): MistralRefusal | undefined {
  let open = new Set<string>();
  for (const { role, tool_call_id: id, tool_calls: calls } of messages) {
    if (role === 'tool') {
      if (!open.delete(id ?? '')) return wrongOrder(`Unexpected tool call id ${id} in tool results`);
      continue;
    }
    if (open.size > 0) return unbalanced();
    open = new Set((calls ?? []).map((call) => call.id ?? ''));
    if (open.size < (calls?.length ?? 0)) return wrongOrder('Duplicate tool call id in assistant message');
  }
  return open.size > 0 ? unbalanced() : undefined;
}

export function judgeName(name: string): MistralRefusal | undefined {
  if (functionName.test(name)) return undefined;
  return wrongCall(
    `Function name was ${name} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.`,
  );
}

function judgeId(id: string): MistralRefusal | undefined {
  if (callId.test(id)) return undefined;
  return wrongCall(`Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`);
}

function unbalanced(): MistralRefusal {
  return wrongOrder('Not the same number of function calls and responses');
}

function wrongAssistant(message: string): MistralRefusal {
  return vendorRefusal(400, message, 'invalid_assistant_message', '3240');
}
