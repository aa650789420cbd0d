import { estimateTokens } from '../loopback/texts.js';
import { isObject } from './judge/checks.js';
import { judgeResponsesRequest } from './responses/judge-responses-request.js';
import { invalidRequest, type VendorError } from './vendor-error.js';

const counted = ['model', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls'];
const fields = [...counted, 'reasoning', 'text', 'truncation', 'conversation', 'previous_response_id'];

/** What the vendor would answer to a request to count that it refuses: it takes a part of what Responses takes. */
export function judgeInputTokens(body: unknown): VendorError | undefined {
  const stray = isObject(body) ? Object.keys(body).find((name) => !fields.includes(name)) : undefined;
  if (stray !== undefined)
    return invalidRequest(`Unknown parameter: '${stray}'.`, stray, 'unknown_parameter');
  return judgeResponsesRequest(body);
}

export function toInputTokens(body: unknown) {
  const { input, instructions, tools } = body as { readonly [name: string]: unknown };
  return {
    object: 'response.input_tokens',
    input_tokens: estimateTokens({ input, instructions, tools }),
  };
}
