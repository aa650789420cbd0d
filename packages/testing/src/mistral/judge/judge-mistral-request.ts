import { estimateTokens } from '../../loopback/texts.js';
import type { MistralBody } from '../answer.js';
import { type MistralRefusal, vendorRefusal } from '../refusal.js';
import { chatShape } from './body-shape.js';
import { isObject } from './checks.js';
import { judgeConversation, judgeName } from './conversation-rules.js';

export interface MistralJudgeOptions {
  /** Tokens, of four characters each: the prompt and `max_tokens` together. @default no limit */
  readonly contextWindow?: number;
}

/**
 * What the vendor would answer to a chat request that it refuses, or `undefined` for one that it takes: the published
 * schema, and the rules that no schema states (tool ids of nine characters, the order of roles, calls and their results,
 * the context window).
 *
 * @example
 * judgeMistralRequest({ model: 'mistral-large-2512', messages: [] })?.body['code']; // '3230'
 */
export function judgeMistralRequest(
  body: unknown,
  { contextWindow }: MistralJudgeOptions = {},
): MistralRefusal | undefined {
  const refused = chatShape(body, []);
  if (refused || !isObject(body)) return refused;
  // The shape was checked above.
  const chat = body as unknown as MistralBody;
  return (
    judgeTools(chat) ??
    judgeFormat(chat) ??
    judgeUrls(chat) ??
    judgeConversation(chat.messages) ??
    judgeLength(chat, contextWindow)
  );
}

function judgeTools(body: MistralBody): MistralRefusal | undefined {
  const names = (body.tools ?? []).map((tool) =>
    isObject(tool) && isObject(tool['function']) ? String(tool['function']['name']) : '',
  );
  for (const name of names) {
    const refused = judgeName(name);
    if (refused) return refused;
  }
  const choice = body['tool_choice'];
  if ((choice === 'any' || choice === 'required') && names.length === 0)
    return invalid(`tool_choice is '${choice}' but no tools were given`);
  if (!isObject(choice) || !isObject(choice['function'])) return undefined;
  const wanted = String(choice['function']['name']);
  return names.includes(wanted)
    ? undefined
    : invalid(`tool_choice names '${wanted}', which is no given tool`);
}

function judgeFormat({ response_format: format }: MistralBody): MistralRefusal | undefined {
  return format?.type === 'json_schema' && !format.json_schema
    ? invalid('response_format of type json_schema must have a json_schema')
    : undefined;
}

/** Images and documents are fetched by the vendor, or come inside the request. */
function judgeUrls({ messages }: MistralBody): MistralRefusal | undefined {
  const chunks: readonly unknown[] = messages.flatMap(({ content }) =>
    Array.isArray(content) ? (content as unknown[]) : [],
  );
  const wrong = chunks.filter(isObject).find((chunk) => {
    const image = chunk['image_url'];
    const url = isObject(image) ? image['url'] : (image ?? chunk['document_url']);
    return url !== undefined && !/^(?:https?:\/\/|data:)/i.test(String(url));
  });
  return wrong ? invalid('Image and document URLs must be http, https or data URLs') : undefined;
}

function judgeLength(body: MistralBody, window: number | undefined): MistralRefusal | undefined {
  if (window === undefined) return undefined;
  const prompt = estimateTokens({ messages: body.messages, tools: body.tools });
  const maximum = body.max_tokens ?? 0;
  if (prompt + maximum <= window) return undefined;
  const said = maximum > 0 ? ` and max_tokens is ${maximum}; the sum is` : ',';
  return vendorRefusal(
    400,
    `Prompt contains ${prompt} tokens${said} too large for model with ${window} maximum context length`,
    'invalid_request_prompt',
    '3051',
  );
}

function invalid(message: string): MistralRefusal {
  return vendorRefusal(400, message, 'invalid_request_error');
}
