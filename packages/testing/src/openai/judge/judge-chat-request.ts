import { estimateTokens } from '../../loopback/texts.js';
import type { ChatBody } from '../answer.js';
import { invalidRequest, type VendorError } from '../vendor-error.js';
import { bodyShape, knownFields } from './body-shape.js';
import { isObject } from './checks.js';
import { judgeConversation } from './conversation-rules.js';
import { judgeForModel } from './model-rules.js';

export interface JudgeOptions {
  /** Tokens, of four characters each. @default no limit */
  readonly contextWindow?: number;
}

/**
 * What the vendor would answer to a request that it refuses, or `undefined` for one that it takes: the published schema,
 * and the rules that no schema states (calls and their results, what a model refuses, the context window).
 *
 * @example
 * judgeChatRequest({ model: 'gpt-4o', messages: [] })?.error.code; // 'empty_array'
 */
export function judgeChatRequest(
  body: unknown,
  { contextWindow }: JudgeOptions = {},
): VendorError | undefined {
  const refused = bodyShape(body, '');
  if (refused || !isObject(body)) return refused;
  const unknown = Object.keys(body).find((name) => !knownFields.has(name));
  if (unknown !== undefined)
    return invalidRequest(`Unrecognized request argument supplied: ${unknown}`, unknown, null);
  // The shape was checked above.
  const chat = body as unknown as ChatBody;
  return (
    judgeTogether(chat) ??
    judgeForModel(chat) ??
    judgeConversation(chat.messages) ??
    judgeLength(chat, contextWindow)
  );
}

/** Fields that are allowed only beside others. */
function judgeTogether(body: ChatBody): VendorError | undefined {
  if (body.model === '') return invalidRequest('you must provide a model parameter', null, null);
  if (body.stream_options && !body.stream) {
    return invalidRequest(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
      null,
    );
  }
  for (const name of ['tool_choice', 'parallel_tool_calls']) {
    if (body[name] !== undefined && !body.tools) {
      return invalidRequest(`'${name}' is only allowed when 'tools' are specified.`, name, null);
    }
  }
  const choice = body['tool_choice'];
  const wanted = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined;
  if (wanted !== undefined && !toolNames(body).includes(wanted)) {
    return invalidRequest(
      `Invalid value for 'tool_choice': '${String(wanted)}' is not one of the given tools.`,
      'tool_choice',
      null,
    );
  }
  if (typeof body.max_tokens === 'number' && typeof body.max_completion_tokens === 'number') {
    return invalidRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      null,
      'invalid_parameter_combination',
    );
  }
  return undefined;
}

function toolNames(body: ChatBody): readonly unknown[] {
  return (body.tools ?? []).map((tool) =>
    isObject(tool) && isObject(tool['function']) ? tool['function']['name'] : undefined,
  );
}

function judgeLength(body: ChatBody, contextWindow: number | undefined): VendorError | undefined {
  const needed = estimateTokens({ messages: body.messages, tools: body.tools });
  if (contextWindow === undefined || needed <= contextWindow) return undefined;
  const message = `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted in ${needed} tokens. Please reduce the length of the messages.`;
  return invalidRequest(message, 'messages', 'context_length_exceeded');
}
