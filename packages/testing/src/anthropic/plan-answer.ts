import { bodyPlan, jsonType, type Plan, streamType, toBodyFrames } from '../loopback/plan.js';
import { quotingModelId } from '../quoting/quoting-answer.js';
import type { AnthropicAnswer, MessagesBody } from './answer.js';
import { defaultAnswer } from './default-answer.js';
import { type AnthropicFault, errorPlan, planFault } from './faults.js';
import { countInput } from './judge/judge-messages-request.js';
import { toMessage, toStreamFrames } from './message.js';
import { rulesOf } from './models.js';
import type { Call } from './read-call.js';
import type { AnthropicServerOptions } from './server-options.js';
import { type AnthropicError, anthropicError } from './vendor-error.js';

/** What the server does with a call: its number in all calls makes the ids. */
export async function planAnswer(
  call: Call,
  rejected: AnthropicError | undefined,
  fault: AnthropicFault | undefined,
  options: AnthropicServerOptions,
  count: number,
): Promise<Plan> {
  const requestId = requestIdOf(count);
  if (rejected && !fault) return errorPlan(rejected, requestId);
  const body = call.body as MessagesBody;
  if (!rejected && call.endpoint === 'models')
    return bodyPlan(200, jsonType, JSON.stringify(listModels(options.models)));
  if (!rejected && !fault && call.endpoint === 'count_tokens')
    return bodyPlan(200, jsonType, JSON.stringify({ input_tokens: countInput(body) }));
  const envelope = {
    id: `msg_${String(count).padStart(12, '0')}`,
    model: options.answer ? call.model : quotingModelId,
    contextWindow: options.contextWindow,
  };
  const plan = (answer: AnthropicAnswer): Plan =>
    body.stream
      ? { status: 200, headers: streamType, steps: toStreamFrames(answer, body, envelope) }
      : {
          status: 200,
          headers: jsonType,
          steps: toBodyFrames(JSON.stringify(toMessage(answer, body, envelope))),
        };
  try {
    const given = rejected ? '' : await (options.answer ?? defaultAnswer)(body);
    const answer = typeof given === 'string' ? { text: given } : given;
    return fault
      ? planFault(fault, { after: options.faultAfter, body, answer, key: call.key, requestId, plan })
      : plan(answer);
  } catch (error) {
    const message = `The answer function of the loopback server threw: ${String(error)}`;
    return errorPlan(anthropicError(500, 'api_error', message), requestId);
  }
}

/** Of the answer to the request with this number. */
export function requestIdOf(count: number): string {
  return `req_${String(count).padStart(12, '0')}`;
}

function listModels(models: readonly string[] = [quotingModelId]) {
  return {
    data: models.map((id) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: '2026-01-01T00:00:00Z',
      deprecated_at: null,
      retires_at: null,
      lifecycle: 'active',
      line: null,
      capabilities: null,
      max_input_tokens: null,
      max_tokens: rulesOf(id)?.maxOutput ?? null,
    })),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}
