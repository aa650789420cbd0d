import type { ChatBody } from '../answer.js';
import { invalidRequest, type VendorError } from '../vendor-error.js';

// Observed of the vendor up to November 2026.
/** Families that reason; their chat variants do not. */
export const reasoningModel = /^(?:o\d|gpt-(?:[5-9]|\d{2,}))(?!.*-chat)/;
/** Families that cannot reason. */
export const plainModel = /^(?:gpt-3\.5|gpt-4|chatgpt-|gpt-[5-9][^/]*-chat)/;
/** Families that cannot stop reasoning. */
export const alwaysReasoning = /^(?:o\d|gpt-5(?:$|-))(?!.*-chat)/;

/** What depends on the model: reasoning models refuse sampling and `max_tokens`, the others refuse `reasoning_effort`. */
export function judgeForModel(body: ChatBody): VendorError | undefined {
  const { model } = body;
  const effort = body['reasoning_effort'];
  const asked = effort !== undefined && effort !== null;
  if (plainModel.test(model) && asked)
    return unsupported(
      `Unsupported parameter: 'reasoning_effort' is not supported with this model.`,
      'reasoning_effort',
    );
  if (!reasoningModel.test(model)) return undefined;
  if (body.max_tokens !== undefined && body.max_tokens !== null) {
    return unsupported(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
    );
  }
  if (effort === 'none' && alwaysReasoning.test(model)) {
    return invalidRequest(
      `Unsupported value: 'reasoning_effort' does not support 'none' with this model.`,
      'reasoning_effort',
      'unsupported_value',
    );
  }
  if (effort === 'none') return undefined;
  for (const name of ['temperature', 'top_p'] as const) {
    const value = body[name];
    if (value !== undefined && value !== null && value !== 1) {
      return invalidRequest(
        `Unsupported value: '${name}' does not support ${value} with this model. Only the default (1) value is supported.`,
        name,
        'unsupported_value',
      );
    }
  }
  const penalty = ['presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs', 'logit_bias'].find(
    (name) => body[name],
  );
  return penalty === undefined
    ? undefined
    : unsupported(`Unsupported parameter: '${penalty}' is not supported with this model.`, penalty);
}

function unsupported(message: string, param: string): VendorError {
  return invalidRequest(message, param, 'unsupported_parameter');
}
