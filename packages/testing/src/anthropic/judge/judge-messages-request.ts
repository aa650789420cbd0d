import { estimateTokens } from '../../loopback/texts.js';
import type { MessagesBody } from '../answer.js';
import { type AnthropicError, invalidRequest } from '../vendor-error.js';
import { countBody, messagesBody } from './body-shape.js';
import { judgeCacheMarks } from './cache-rules.js';
import { judgeConversation } from './conversation-rules.js';
import { judgeForModel } from './model-rules.js';

export interface MessagesJudgeOptions {
  /** Tokens, of four characters each. @default no limit */
  readonly contextWindow?: number;
  /** A body for `/v1/messages/count_tokens`, which takes the prompt alone. @default 'messages' */
  readonly endpoint?: 'messages' | 'count_tokens';
}

/**
 * What the vendor would answer to a Messages request that it refuses, or `undefined` for one that it takes: the published
 * types, and the rules that no type states (calls and their results, signatures, what a model refuses, the window).
 *
 * @example
 * judgeMessagesRequest({ model: 'claude-opus-5', messages: [] })?.error.message; // 'max_tokens: Field required'
 */
export function judgeMessagesRequest(
  body: unknown,
  { contextWindow, endpoint = 'messages' }: MessagesJudgeOptions = {},
): AnthropicError | undefined {
  const counts = endpoint === 'count_tokens';
  const shape = (counts ? countBody : messagesBody)(body, '');
  if (shape) return invalidRequest(shape.replace(/^: /, ''));
  // The shape was checked above; a count has no maximum of its own, and this one is within that of every model.
  const request = { max_tokens: 64_000, ...(body as object) } as unknown as MessagesBody;
  const refused =
    judgeConversation(request) ??
    judgeCacheMarks(request) ??
    judgeForModel(request) ??
    judgeLength(request, counts ? undefined : contextWindow);
  return refused === undefined ? undefined : invalidRequest(refused);
}

/** What the server counts as the input of a request. */
export function countInput({ system, messages, tools }: MessagesBody): number {
  return estimateTokens({ system, messages, tools });
}

function judgeLength(body: MessagesBody, contextWindow: number | undefined): string | undefined {
  const needed = countInput(body);
  return contextWindow === undefined || needed <= contextWindow
    ? undefined
    : `prompt is too long: ${needed} tokens > ${contextWindow} maximum`;
}
