import { createMessage, messageText } from '../message/create-message.js';
import type { JsonValue, Message } from '../message/message.js';
import type { ChatModel, ChatRequest } from '../model/model.js';
import type { OutputAttempt } from './output-error.js';

// More than these tell a model nothing new.
const maxIssues = 20;

/** The first round; with the schema in a system message where the model cannot be given one. */
export function toFirstRound(
  model: ChatModel,
  request: ChatRequest,
  output: { readonly name: string; readonly schema: JsonValue },
): ChatRequest {
  if (model.traits.features['output-schema'] !== 'no') return { ...request, output };
  const text = `Answer with one JSON value and nothing else, neither a word nor a fence around it. It must fit this JSON Schema:\n${JSON.stringify(output.schema)}`;
  const { messages } = request;
  const instructions = messages.findIndex(({ role }) => role !== 'system');
  const at = instructions < 0 ? messages.length : instructions;
  const added = createMessage({ role: 'system', content: text });
  return { ...request, messages: messages.toSpliced(at, 0, added) };
}

/** The round after an answer that does not fit: the same request, that answer, and what is wrong with it. */
export function toRepairRound(round: ChatRequest, { response, issues }: OutputAttempt): ChatRequest {
  const list = issues.slice(0, maxIssues).map(({ path, message }) => `- ${path || 'the value'}: ${message}`);
  const left = issues.length - list.length;
  if (left > 0) list.push(`- and ${left} more`);
  const content = `That answer does not fit the schema:\n${list.join('\n')}\nWrite the whole corrected JSON value and nothing else.`;
  const answered: Message[] = messageText(response.message).trim() === '' ? [] : [response.message];
  return {
    ...round,
    messages: [...round.messages, ...answered, createMessage({ role: 'user', content })],
  };
}
