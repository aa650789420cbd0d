import type { JsonValue } from '@loci/core';
import type { ChatBody, WireMessage } from '../answer.js';

/** A body for the Responses API that the judge has accepted, as far as answers read it. */
export interface ResponsesBody {
  readonly model: string;
  readonly input: string | readonly ResponsesItem[];
  readonly instructions?: string | null;
  readonly stream?: boolean | null;
  readonly max_output_tokens?: number | null;
  readonly include?: readonly string[] | null;
  readonly tools?: readonly Readonly<Record<string, JsonValue>>[];
  readonly text?: { readonly format?: Readonly<Record<string, JsonValue>> };
  readonly [field: string]: unknown;
}

export interface ResponsesItem {
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[];
  readonly id?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly output?: string | readonly { readonly type: string; readonly text?: string }[];
  readonly encrypted_content?: string | null;
}

/** The body as Chat Completions would have it, so that one function can answer in both APIs. */
export function toChatBody(body: ResponsesBody): ChatBody {
  const { input, instructions, tools, text, max_output_tokens: maximum, ...rest } = body;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const format = text?.format;
  return {
    ...rest,
    messages: [
      ...(instructions ? [{ role: 'system', content: instructions }] : []),
      ...items.flatMap((item) => toMessage(item)),
    ],
    ...(maximum && { max_completion_tokens: maximum }),
    ...(tools && { tools: tools.map(({ type, ...called }) => ({ type: type ?? null, function: called })) }),
    ...(format?.['type'] === 'json_schema' && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: String(format['name']), schema: format['schema'] ?? {} },
      },
    }),
    ...(format?.['type'] === 'json_object' && { response_format: { type: 'json_object' } }),
  };
}

function toMessage(item: ResponsesItem): WireMessage[] {
  const { call_id: id = '', name = '', arguments: input = '', output = '', content = '' } = item;
  switch (item.type) {
    case 'function_call':
      return [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id, type: 'function', function: { name, arguments: input } }],
        },
      ];
    case 'function_call_output':
      return [{ role: 'tool', tool_call_id: id, content: output }];
    case undefined:
    case 'message':
      return [{ role: item.role ?? 'user', content }];
    default:
      return [];
  }
}
