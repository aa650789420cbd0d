import { bodyPlan, html, htmlType, jsonType, type Plan, type Step, streamType } from '../loopback/plan.js';
import { before, from, isAt, untilContent } from '../loopback/steps.js';
import type { ChatBody, OpenAIAnswer } from './answer.js';
import { sse } from './completion.js';
import { errorPlan } from './plan.js';
import type { Api } from './read-call.js';
import { toEvent } from './responses/response.js';
import { vendorError } from './vendor-error.js';

/** The request that a fault befalls, and what would have been answered. */
export interface FaultContext {
  /** Pieces of content that come before a fault in mid-stream. */
  readonly after: number | undefined;
  readonly body: ChatBody;
  readonly answer: OpenAIAnswer;
  /** The key that the client sent; empty where it sent none. */
  readonly key: string;
  readonly api: Api;
  /** The plan for an answer, without any fault. */
  plan(answer: OpenAIAnswer): Plan;
}

type Fault = (context: FaultContext) => Plan;

const garbage = {
  chat: sse({ choices: 'none', id: 7 }),
  responses: toEvent('response.output_text.delta', { output_index: 'none', delta: 7 }),
};
const tooMany = vendorError(
  429,
  'Rate limit reached for requests. Please try again later.',
  'requests',
  'rate_limit_exceeded',
);

const faults = {
  'rate-limit': () => errorPlan(tooMany, { 'retry-after': '2' }),
  'rate-limit-long': () => errorPlan(tooMany, { 'retry-after': '120' }),
  'rate-limit-ms': () => errorPlan(tooMany, { 'retry-after-ms': '1500', 'retry-after': '2' }),
  'rate-limit-date': () => errorPlan(tooMany, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }),
  'rate-limit-silent': () => errorPlan(tooMany),
  quota: () =>
    errorPlan(
      vendorError(
        429,
        'You exceeded your current quota, please check your plan and billing details.',
        'insufficient_quota',
        'insufficient_quota',
      ),
    ),
  'server-error': () =>
    errorPlan(
      vendorError(
        500,
        'The server had an error while processing your request. Sorry about that!',
        'server_error',
      ),
    ),
  'bad-gateway': () => bodyPlan(502, htmlType, html),
  unavailable: () =>
    errorPlan(
      vendorError(
        503,
        'The engine is currently overloaded, please try again later.',
        'service_unavailable_error',
      ),
    ),
  overloaded: () => errorPlan(vendorError(529, 'Overloaded', 'overloaded_error')),
  unauthorized: () =>
    errorPlan(
      vendorError(
        401,
        'Your authentication token has been invalidated.',
        'invalid_request_error',
        'invalid_api_key',
      ),
    ),
  'echo-key': ({ key }) =>
    errorPlan(vendorError(401, `Incorrect API key provided: ${key}.`, `type-${key}`, `code-${key}`, key), {
      'x-request-id': `req-${key}`,
      'x-echo': key,
    }),
  'context-length': () =>
    errorPlan(
      vendorError(
        400,
        'Your input exceeds the context window of this model. Please adjust your input and try again.',
        'invalid_request_error',
        'context_length_exceeded',
        'messages',
      ),
    ),
  'content-policy': () =>
    errorPlan(
      vendorError(
        400,
        'Your request was rejected as a result of our safety system.',
        'invalid_request_error',
        'content_policy_violation',
      ),
    ),
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
    steps(context, (all) => [...before(all, 'usage'), 'hold', ...from(all, 'usage')]),
  drip: (context) => steps(context, (all) => ['head', ...all.flatMap((step): Step[] => ['hold', step])]),
  cut: (context) => steps(context, (all) => untilContent(all, context.after)),
  'no-finish': (context) =>
    steps(context, (all) => all.filter((step) => !isAt(step, 'finish') && !isAt(step, 'usage'))),
  'no-usage': ({ plan, answer }) => plan({ ...answer, usage: false }),
  'no-done': (context) => steps(context, (all) => all.filter((step) => !isAt(step, 'done'))),
  'malformed-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      { place: 'content', text: 'data: {"id": "chatcmpl-1", "choi\n\n' },
      ...from(all, 'done'),
    ]),
  'garbage-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      { place: 'content', text: garbage[context.api] },
      ...from(all, 'done'),
    ]),
  'error-frame': (context) => inBandError(context, (all) => untilContent(all, context.after)),
  'error-frame-first': (context) => inBandError(context, () => []),
  'malformed-arguments': ({ plan, body }) => {
    const [tool] = (body.tools ?? []) as readonly { readonly function?: { readonly name: string } }[];
    return plan({ toolCalls: [{ name: tool?.function?.name ?? 'tool', arguments: '{"city": "Por' }] });
  },
  html: () => bodyPlan(200, htmlType, html),
  'html-as-stream': () => bodyPlan(200, streamType, html),
  empty: () => bodyPlan(200, jsonType, ''),
  'empty-stream': () => bodyPlan(200, streamType, ''),
  failed: ({ plan, answer, api }) =>
    api === 'responses'
      ? plan({ ...answer, failure: { code: 'server_error', message: 'The server had an error.' } })
      : errorPlan(vendorError(500, 'The server had an error.', 'server_error')),
  'content-filter': ({ plan, answer }) => plan({ ...answer, finishReason: 'content_filter' }),
  length: ({ plan, answer }) => plan({ ...answer, finishReason: 'length' }),
} satisfies Record<string, Fault>;

/** Every way in which the server misbehaves on command. */
export type OpenAIFault = keyof typeof faults;

/** The names of all faults, for tests that try each. */
export const openAIFaults = Object.freeze(Object.keys(faults)) as readonly OpenAIFault[];

export function planFault(fault: OpenAIFault, context: FaultContext): Plan {
  return faults[fault](context);
}

function steps(context: FaultContext, change: (all: readonly Step[]) => readonly Step[]): Plan {
  const plan = context.plan(context.answer);
  return { ...plan, steps: change(plan.steps) };
}

/** The vendor reports a failure inside a stream as a frame of its own, and in a plain answer as its whole body. */
function inBandError(context: FaultContext, kept: (all: readonly Step[]) => readonly Step[]): Plan {
  const { error } = vendorError(
    500,
    'The server had an error while processing your request. Sorry about that!',
    'server_error',
    'server_error',
  );
  if (!context.body.stream) return bodyPlan(200, jsonType, JSON.stringify({ error }));
  const { code, message, param } = error;
  const text =
    context.api === 'chat' ? sse({ error }) : toEvent('error', { code, message, param, sequence_number: 9 });
  return steps(context, (all) => [...kept(all), { place: 'done', text }]);
}
