import { bodyPlan, jsonType, type Plan, streamType, toBodyFrames } from '../loopback/plan.js';
import { quotingModelId } from '../quoting/quoting-answer.js';
import type { ChatBody, OpenAIAnswer } from './answer.js';
import { type Envelope, toCompletion, toStreamFrames } from './completion.js';
import { defaultAnswer } from './default-answer.js';
import { toEmbeddings } from './embeddings.js';
import { type OpenAIFault, planFault } from './faults.js';
import { toInputTokens } from './input-tokens.js';
import { errorPlan } from './plan.js';
import type { Call } from './read-call.js';
import { toResponse, toResponseFrames } from './responses/response.js';
import { type ResponsesBody, toChatBody } from './responses/responses-body.js';
import type { OpenAIServerOptions } from './server-options.js';
import { type VendorError, vendorError } from './vendor-error.js';

const wires = {
  chat: { frames: toStreamFrames, whole: toCompletion },
  responses: { frames: toResponseFrames, whole: toResponse },
};

/** What the server does with a call: its number in all calls makes the ids. */
export async function planAnswer(
  call: Call,
  rejected: VendorError | undefined,
  fault: OpenAIFault | undefined,
  options: OpenAIServerOptions,
  count: number,
): Promise<Plan> {
  const { api, side } = call;
  if (side && (fault || !rejected)) {
    const plan = ({ usage }: OpenAIAnswer): Plan => {
      const whole =
        side === 'input-tokens'
          ? toInputTokens(call.body)
          : toEmbeddings(call.body, options.embeddings, usage !== false);
      return { status: 200, headers: jsonType, steps: toBodyFrames(JSON.stringify(whole)) };
    };
    const body = { model: call.model, messages: [] };
    return fault
      ? planFault(fault, { after: options.faultAfter, body, answer: {}, key: call.key, api: 'chat', plan })
      : plan({});
  }
  if (!api && !rejected) return bodyPlan(200, jsonType, JSON.stringify(listModels(options.models)));
  if (rejected && !fault) return errorPlan(rejected);
  const body =
    api === 'responses' && !rejected ? toChatBody(call.body as ResponsesBody) : (call.body as ChatBody);
  const envelope: Envelope = {
    id: `chatcmpl-${String(count).padStart(12, '0')}`,
    created: Math.floor(Date.now() / 1000),
    model: options.answer ? call.model : quotingModelId,
  };
  const wire = wires[api ?? 'chat'];
  const plan = (answer: OpenAIAnswer): Plan =>
    body.stream
      ? { status: 200, headers: streamType, steps: wire.frames(answer, body, envelope) }
      : {
          status: 200,
          headers: jsonType,
          steps: toBodyFrames(JSON.stringify(wire.whole(answer, body, envelope))),
        };
  try {
    const given = rejected ? '' : await (options.answer ?? defaultAnswer)(body);
    const answer = typeof given === 'string' ? { text: given } : given;
    return fault
      ? planFault(fault, { after: options.faultAfter, body, answer, key: call.key, api: api ?? 'chat', plan })
      : plan(answer);
  } catch (error) {
    return errorPlan(
      vendorError(500, `The answer function of the loopback server threw: ${String(error)}`, 'server_error'),
    );
  }
}

function listModels(models: readonly string[] = [quotingModelId]) {
  return {
    object: 'list',
    data: models.map((id) => ({
      id,
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'loopback-stand-in',
    })),
  };
}
