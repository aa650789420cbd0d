import { bodyPlan, html, htmlType, jsonType, type Plan, type Step, streamType } from '../loopback/plan.js';
import { before, from, isAt, untilContent } from '../loopback/steps.js';
import { sse } from '../openai/completion.js';

import type { MistralAnswer, MistralBody } from './answer.js';
import { invalidBody, type MistralRefusal, vendorRefusal, wrongCall, wrongOrder } from './refusal.js';

/** The request that a fault befalls, and what would have been answered. */
export interface FaultContext {
  /** Pieces of content that come before a fault in mid-stream. */
  readonly after: number | undefined;
  readonly body: MistralBody;
  readonly answer: MistralAnswer;
  /** The key that the client sent; empty where it sent none. */
  readonly key: string;
  /** The plan for an answer, without any fault. */
  plan(answer: MistralAnswer, usage?: boolean): Plan;
}

type Fault = (context: FaultContext) => Plan;

const tooMany = vendorRefusal(429, 'Rate limit exceeded', 'rate_limited', '1300');
const failed = vendorRefusal(500, 'Service unavailable.', 'internal_server_error', '1000');

const faults = {
  'rate-limit': () => refusalPlan(tooMany, { 'retry-after': '2' }),
  'rate-limit-long': () => refusalPlan(tooMany, { 'retry-after': '120' }),
  'rate-limit-date': () =>
    refusalPlan(tooMany, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }),
  'rate-limit-silent': () => refusalPlan(tooMany),
  capacity: () =>
    refusalPlan(
      vendorRefusal(
        429,
        'Service tier capacity exceeded for this model.',
        'service_tier_capacity_exceeded',
        '3505',
      ),
    ),
  quota: () =>
    refusalPlan(
      vendorRefusal(402, 'You have no credits left. Check your plan and billing.', 'payment_required'),
    ),
  'server-error': () => refusalPlan(failed),
  'bad-gateway': () => bodyPlan(502, htmlType, html),
  unavailable: () => refusalPlan(vendorRefusal(503, 'Service unavailable.', 'service_unavailable', '3000')),
  overloaded: () => refusalPlan(vendorRefusal(529, 'Overloaded.', 'overloaded')),
  unauthorized: () => refusalPlan({ status: 401, body: { detail: 'Unauthorized' } }),
  'echo-key': ({ key }) =>
    refusalPlan(vendorRefusal(401, `Unauthorized: ${key}.`, `type-${key}`, `code-${key}`), {
      'mistral-correlation-id': `id-${key}`,
      'x-echo': key,
    }),
  'context-length': () =>
    refusalPlan(
      vendorRefusal(
        400,
        'Prompt contains 300000 tokens, too large for model with 262144 maximum context length',
        'invalid_request_prompt',
        '3051',
      ),
    ),
  'content-policy': () =>
    refusalPlan(
      vendorRefusal(403, 'The request was blocked by a guardrail: moderation.', 'guardrail_blocked'),
    ),
  'message-order': () => refusalPlan(wrongOrder("Unexpected role 'user' after role 'tool'")),
  'function-call': () =>
    refusalPlan(wrongCall('Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.')),
  validation: () => refusalPlan(invalidBody(['temperature'], 'less_than_equal', 'Input should be <= 1.5')),
  'unknown-model': ({ body }) => refusalPlan(unknownModel(body.model)),
  'reset-before-headers': (context) => ({ ...context.plan(context.answer), steps: ['reset'] }),
  'reset-mid-stream': (context) => steps(context, (all) => [...untilContent(all, context.after), 'reset']),
  silent: (context) => steps(context, (all) => ['hold', ...all]),
  'slow-first-token': (context) =>
    steps(context, (all) => ['head', ...before(all, 'content'), 'hold', ...from(all, 'content')]),
  stall: (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      'hold',
      ...all.slice(untilContent(all, context.after).length),
    ]),
  'stall-after-finish': (context) =>
    steps(context, (all) => [...before(all, 'done'), 'hold', ...from(all, 'done')]),
  drip: (context) => steps(context, (all) => ['head', ...all.flatMap((step): Step[] => ['hold', step])]),
  cut: (context) => steps(context, (all) => untilContent(all, context.after)),
  'no-finish': (context) => steps(context, (all) => all.filter((step) => !isAt(step, 'finish'))),
  'no-usage': ({ plan, answer }) => plan(answer, false),
  'no-done': (context) => steps(context, (all) => all.filter((step) => !isAt(step, 'done'))),
  'malformed-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      { place: 'content', text: 'data: {"id": "cmpl-1", "choi\n\n' },
      ...from(all, 'done'),
    ]),
  'garbage-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      { place: 'content', text: sse({ choices: 'none', id: 7 }) },
      ...from(all, 'done'),
    ]),
  'error-frame': (context) => inBandError(context, (all) => untilContent(all, context.after)),
  'error-frame-first': (context) => inBandError(context, () => []),
  'finish-error': ({ plan, answer }) => plan({ ...answer, finishReason: 'error' }),
  'malformed-arguments': ({ plan, body }) => {
    const [tool] = (body.tools ?? []) as readonly { readonly function?: { readonly name: string } }[];
    return plan({ toolCalls: [{ name: tool?.function?.name ?? 'tool', arguments: '{"city": "Por' }] });
  },
  html: () => bodyPlan(200, htmlType, html),
  'html-as-stream': () => bodyPlan(200, streamType, html),
  empty: () => bodyPlan(200, jsonType, ''),
  'empty-stream': () => bodyPlan(200, streamType, ''),
  length: ({ plan, answer }) => plan({ ...answer, finishReason: 'length' }),
  'model-length': ({ plan, answer }) => plan({ ...answer, finishReason: 'model_length' }),
  deprecated: ({ plan, answer }) => {
    const normal = plan(answer);
    const headers = { ...normal.headers, 'x-model-deprecation-timestamp': '2027-01-31T00:00:00Z' };
    return { ...normal, headers };
  },
} satisfies Record<string, Fault>;

/** Every way in which the server misbehaves on command. */
export type MistralFault = keyof typeof faults;

/** The names of all faults, for tests that try each. */
export const mistralFaults = Object.freeze(Object.keys(faults)) as readonly MistralFault[];

export function planFault(fault: MistralFault, context: FaultContext): Plan {
  return faults[fault](context);
}

export function refusalPlan({ status, body }: MistralRefusal, headers: Plan['headers'] = {}): Plan {
  return bodyPlan(status, { ...jsonType, ...headers }, JSON.stringify(body));
}

export function unknownModel(model: string): MistralRefusal {
  return vendorRefusal(400, `Invalid model: ${model}`, 'invalid_model', '1500');
}

function steps(context: FaultContext, change: (all: readonly Step[]) => readonly Step[]): Plan {
  const plan = context.plan(context.answer);
  return { ...plan, steps: change(plan.steps) };
}

/** A failure inside a stream is a frame of its own, and in a plain answer the whole body. */
function inBandError(context: FaultContext, kept: (all: readonly Step[]) => readonly Step[]): Plan {
  if (!context.body.stream) return bodyPlan(200, jsonType, JSON.stringify(failed.body));
  return steps(context, (all) => [...kept(all), { place: 'done', text: sse(failed.body) }]);
}
