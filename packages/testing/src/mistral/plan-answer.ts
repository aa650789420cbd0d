import { bodyPlan, type Frame, jsonType, type Plan, streamType, toBodyFrames } from '../loopback/plan.js';
import { defaultAnswer } from '../openai/default-answer.js';
import { quotingModelId } from '../quoting/quoting-answer.js';
import type { MistralAnswer, MistralBody } from './answer.js';
import { type Envelope, toCompletion, toStreamFrames } from './completion.js';
import { type EmbeddingsBody, toEmbeddings } from './embeddings.js';
import { type MistralFault, planFault, refusalPlan } from './faults.js';
import { toModelList } from './model-list.js';
import type { Call } from './read-call.js';
import { type MistralRefusal, vendorRefusal } from './refusal.js';
import type { MistralServerOptions } from './server-options.js';

/** What the server does with a call: its number in all calls makes the ids. */
export async function planAnswer(
  call: Call,
  rejected: MistralRefusal | undefined,
  fault: MistralFault | undefined,
  options: MistralServerOptions,
  count: number,
): Promise<Plan> {
  if (rejected && !fault) return refusalPlan(rejected);
  const id = String(count).padStart(32, '0');
  if (call.kind === 'models') return bodyPlan(200, jsonType, JSON.stringify(toModelList(options.models)));
  if (call.kind === 'embeddings') {
    const plan = (_: MistralAnswer, usage = true): Plan => {
      // The shape was checked by the judge.
      const whole = toEmbeddings(call.body as EmbeddingsBody, id, options.embeddings, usage);
      return { status: 200, headers: jsonType, steps: toBodyFrames(JSON.stringify(whole)) };
    };
    const body = { model: call.model, messages: [] };
    return fault
      ? planFault(fault, { after: options.faultAfter, body, answer: {}, key: call.key, plan })
      : plan({});
  }
  const body = call.body as MistralBody;
  const envelope: Envelope = {
    id,
    created: Math.floor(Date.now() / 1000),
    model: options.answer ? call.model : quotingModelId,
  };
  const plan = (answer: MistralAnswer, usage = true): Plan => {
    const steps: Frame[] = body.stream
      ? toStreamFrames(answer, body, envelope, usage)
      : toBodyFrames(JSON.stringify(toCompletion(answer, body, envelope, usage)));
    return { status: 200, headers: body.stream ? streamType : jsonType, steps };
  };
  try {
    const given = rejected || call.kind !== 'chat' ? '' : await (options.answer ?? quote)(body);
    const answer = typeof given === 'string' ? { text: given } : given;
    return fault
      ? planFault(fault, { after: options.faultAfter, body, answer, key: call.key, plan })
      : plan(answer);
  } catch (error) {
    const message = `The answer function of the loopback server threw: ${String(error)}`;
    return refusalPlan(vendorRefusal(500, message, 'internal_server_error', '1000'));
  }
}

/** Quotes the prompt, and fits the quote into the schema that was asked for. */
function quote({ model, messages, response_format: format }: MistralBody): MistralAnswer {
  const schema = format?.json_schema;
  const { text = '' } = defaultAnswer({
    model,
    messages: messages.map(({ role, content }) => ({
      role,
      content:
        typeof content === 'string' || !content
          ? (content ?? '')
          : content.map(({ type = 'text', text = '' }) => ({ type, text })),
    })),
    ...(format?.type && { response_format: { type: format.type, ...(schema && { json_schema: schema }) } }),
  });
  return { text };
}
