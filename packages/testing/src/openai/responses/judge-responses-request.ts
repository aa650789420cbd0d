import { estimateTokens } from '../../loopback/texts.js';
import { isObject } from '../judge/checks.js';
import type { JudgeOptions } from '../judge/judge-chat-request.js';
import { alwaysReasoning, plainModel, reasoningModel } from '../judge/model-rules.js';
import { invalidRequest, type VendorError } from '../vendor-error.js';
import { responsesShape } from './body-shape.js';
import { judgeItems } from './item-rules.js';
import type { ResponsesBody } from './responses-body.js';

/**
 * What the vendor's Responses API would answer to a request that it refuses, or `undefined` for one that it takes: the
 * published schema, as far as it concerns text, media, functions and reasoning, and the rules that no schema states.
 *
 * @example
 * judgeResponsesRequest({ model: 'gpt-5.4', input: [] })?.error.code; // 'empty_array'
 */
export function judgeResponsesRequest(
  body: unknown,
  { contextWindow }: JudgeOptions = {},
): VendorError | undefined {
  const refused = responsesShape(body, '');
  if (refused || !isObject(body)) return refused;
  // The shape was checked above.
  const request = body as unknown as ResponsesBody;
  if (request.model === '') return invalidRequest('you must provide a model parameter', 'model', null);
  return (
    judgeChoice(request) ?? judgeModel(request) ?? judgeItems(request) ?? judgeLength(request, contextWindow)
  );
}

function judgeChoice(body: ResponsesBody): VendorError | undefined {
  const choice = body['tool_choice'];
  const tools = body.tools ?? [];
  if (choice === 'required' && tools.length === 0)
    return invalidRequest(
      "Tool choice 'required' must be specified with 'tools' parameter.",
      'tool_choice',
      null,
    );
  if (!isObject(choice) || tools.some((tool) => tool['name'] === choice['name'])) return undefined;
  return invalidRequest("Tool choice 'function' not found in 'tools' parameter.", 'tool_choice', null);
}

/** What a model refuses: sampling while it reasons, reasoning where it cannot. */
function judgeModel(body: ResponsesBody): VendorError | undefined {
  const { model, include } = body;
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {};
  const effort = reasoning['effort'] ?? undefined;
  if (plainModel.test(model)) {
    if (effort !== undefined) return unsupported('reasoning.effort');
    if (include?.includes('reasoning.encrypted_content'))
      return invalidRequest('Encrypted content is not supported with this model.', 'include', null);
  }
  if (!reasoningModel.test(model)) return undefined;
  if (effort === 'none' && alwaysReasoning.test(model))
    return invalidRequest(
      "Unsupported value: 'none' is not supported with this model.",
      'reasoning.effort',
      'unsupported_value',
    );
  if (effort === 'none') return undefined;
  const sampling = (['temperature', 'top_p'] as const).find(
    (name) => ![undefined, null, 1].includes(body[name] as number),
  );
  return sampling && unsupported(sampling);
}

function unsupported(name: string): VendorError {
  return invalidRequest(
    `Unsupported parameter: '${name}' is not supported with this model.`,
    name,
    'unsupported_parameter',
  );
}

function judgeLength(body: ResponsesBody, contextWindow: number | undefined): VendorError | undefined {
  const needed = estimateTokens({ input: body.input, tools: body.tools });
  if (contextWindow === undefined || needed <= contextWindow) return undefined;
  const message =
    'Your input exceeds the context window of this model. Please adjust your input and try again.';
  return invalidRequest(message, 'input', 'context_length_exceeded');
}
