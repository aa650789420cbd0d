import { bodyPlan, html, htmlType, jsonType, type Plan, type Step, streamType } from '../loopback/plan.js';
import { before, from, isAt, untilContent } from '../loopback/steps.js';
import type { AnthropicAnswer, MessagesBody } from './answer.js';
import { event, ping } from './message.js';
import { type AnthropicError, anthropicError, invalidRequest } from './vendor-error.js';

/** The names of all faults, for tests that try each. */
export const anthropicFaults = Object.freeze([
  'rate-limit',
  'rate-limit-long',
  'rate-limit-ms',
  'rate-limit-date',
  'rate-limit-silent',
  'ramp-limit',
  'quota',
  'spend-limit',
  'no-credit',
  'server-error',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'overloaded',
  'unauthorized',
  'forbidden',
  'not-found',
  'echo-key',
  'context-length',
  'too-large',
  'content-policy',
  'invalid-signature',
  'reset-before-headers',
  'reset-mid-stream',
  'silent',
  'slow-first-token',
  'stall',
  'stall-after-finish',
  'drip',
  'cut',
  'no-finish',
  'no-stop',
  'no-usage',
  'malformed-chunk',
  'garbage-chunk',
  'error-frame',
  'error-frame-first',
  'overloaded-frame',
  'malformed-arguments',
  'html',
  'html-as-stream',
  'empty',
  'empty-stream',
  'content-filter',
  'length',
  'context-window',
  'pause',
] as const);

/** Every way in which the server misbehaves on command. */
export type AnthropicFault = (typeof anthropicFaults)[number];

/** The request that a fault befalls, and what would have been answered. */
export interface FaultContext {
  /** Pieces of content that come before a fault in mid-stream. */
  readonly after: number | undefined;
  readonly body: MessagesBody;
  readonly answer: AnthropicAnswer;
  /** The key that the client sent; empty where it sent none. */
  readonly key: string;
  /** Of the answer. */
  readonly requestId: string;
  /** The plan for an answer, without any fault. */
  plan(answer: AnthropicAnswer): Plan;
}

type Fault = (context: FaultContext) => Plan;

/** A failure as the vendor answers it, with the id of the request in the body too. */
export function errorPlan(
  { status, error }: AnthropicError,
  requestId: string,
  headers: Plan['headers'] = {},
): Plan {
  return bodyPlan(
    status,
    { ...jsonType, ...headers },
    JSON.stringify({ type: 'error', error, request_id: requestId }),
  );
}

const refusal =
  (error: AnthropicError, headers?: () => Plan['headers']): Fault =>
  ({ requestId }) =>
    errorPlan(error, requestId, headers?.());

const tooMany = anthropicError(
  429,
  'rate_limit_error',
  'This request would exceed the rate limit for your organization of 50 requests per minute.',
);
const serverError = anthropicError(500, 'api_error', 'Internal server error');
const overloaded = anthropicError(529, 'overloaded_error', 'Overloaded');

const faults: Readonly<Record<AnthropicFault, Fault>> = {
  'rate-limit': refusal(tooMany, () => ({
    'retry-after': '2',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': new Date(Date.now() + 2000).toISOString(),
  })),
  'rate-limit-long': refusal(tooMany, () => ({ 'retry-after': '120' })),
  'rate-limit-ms': refusal(tooMany, () => ({ 'retry-after-ms': '1500', 'retry-after': '2' })),
  'rate-limit-date': refusal(tooMany, () => ({ 'retry-after': new Date(Date.now() + 90_000).toUTCString() })),
  'rate-limit-silent': refusal(tooMany),
  'ramp-limit': refusal(
    anthropicError(429, 'rate_limit_error', 'Usage grew too fast.', 'ramp_limit_exceeded'),
    () => ({ 'retry-after': '30' }),
  ),
  quota: refusal(
    anthropicError(402, 'billing_error', 'There is a problem with the billing of your organization.'),
  ),
  'spend-limit': refusal(
    anthropicError(
      429,
      'rate_limit_error',
      'You have reached your specified spend limit.',
      'enforced_spend_limit_reached',
    ),
  ),
  'no-credit': refusal(
    invalidRequest('Your credit balance is too low to access the Anthropic API. Please purchase credits.'),
  ),
  'server-error': refusal(serverError),
  'bad-gateway': () => bodyPlan(502, htmlType, html),
  unavailable: refusal(anthropicError(503, 'api_error', 'Service unavailable')),
  'gateway-timeout': refusal(anthropicError(504, 'timeout_error', 'The request timed out.')),
  overloaded: refusal(overloaded),
  unauthorized: refusal(anthropicError(401, 'authentication_error', 'invalid API key')),
  forbidden: refusal(
    anthropicError(403, 'permission_error', 'Your API key does not have permission to use this resource.'),
  ),
  'not-found': (context) =>
    errorPlan(anthropicError(404, 'not_found_error', `model: ${context.body.model}`), context.requestId),
  'echo-key': ({ key }) =>
    errorPlan(
      { status: 401, error: { type: `type-${key}`, message: `invalid API key: ${key}.` } },
      `req-${key}`,
      { 'request-id': `req-${key}`, 'x-echo': key },
    ),
  'context-length': refusal(invalidRequest('prompt is too long: 208310 tokens > 200000 maximum')),
  'too-large': refusal(
    anthropicError(413, 'request_too_large', 'Request exceeds the maximum allowed number of bytes.'),
  ),
  'content-policy': refusal(invalidRequest('Output blocked by content filtering policy')),
  'invalid-signature': refusal(
    invalidRequest('messages.1.content.0: Invalid `signature` in `thinking` block'),
  ),
  'reset-before-headers': (context) => ({ ...context.plan(context.answer), steps: ['reset'] }),
  'reset-mid-stream': (context) => steps(context, (all) => [...untilContent(all, context.after), 'reset']),
  silent: (context) => steps(context, (all) => ['hold', ...all]),
  'slow-first-token': (context) =>
    steps(context, (all) => ['head', ...before(all, 'content'), 'hold', ...from(all, 'content')]),
  stall: (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      // A vendor that stalls may still ping.
      ...(context.body.stream ? [ping] : []),
      'hold',
      ...all.slice(untilContent(all, context.after).length),
    ]),
  'stall-after-finish': (context) =>
    steps(context, (all) => [...before(all, 'done'), 'hold', ...from(all, 'done')]),
  drip: (context) => steps(context, (all) => ['head', ...all.flatMap((step): Step[] => ['hold', step])]),
  cut: (context) => steps(context, (all) => untilContent(all, context.after)),
  'no-finish': (context) =>
    steps(context, (all) => all.filter((step) => !isAt(step, 'finish') && !isAt(step, 'done'))),
  'no-stop': (context) => steps(context, (all) => all.filter((step) => !isAt(step, 'done'))),
  'no-usage': ({ plan, answer }) => plan({ ...answer, usage: null }),
  'malformed-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      { place: 'content', text: 'event: content_block_delta\ndata: {"type": "content_blo\n\n' },
      ...from(all, 'done'),
    ]),
  'garbage-chunk': (context) =>
    steps(context, (all) => [
      ...untilContent(all, context.after),
      event('content', { type: 'content_block_delta', index: 'none', delta: 7 }),
      ...from(all, 'done'),
    ]),
  'error-frame': (context) => inBandError(context, serverError, (all) => untilContent(all, context.after)),
  'error-frame-first': (context) => inBandError(context, serverError, () => []),
  'overloaded-frame': (context) =>
    inBandError(context, overloaded, (all) => untilContent(all, context.after)),
  'malformed-arguments': ({ plan, body }) =>
    plan({ toolCalls: [{ name: body.tools?.[0]?.name ?? 'tool', input: '{"city": "Por' }] }),
  html: () => bodyPlan(200, htmlType, html),
  'html-as-stream': () => bodyPlan(200, streamType, html),
  empty: () => bodyPlan(200, jsonType, ''),
  'empty-stream': () => bodyPlan(200, streamType, ''),
  'content-filter': ({ plan, answer }) => plan({ ...answer, stopReason: 'refusal', refusal: 'cyber' }),
  length: ({ plan, answer }) => plan({ ...answer, stopReason: 'max_tokens' }),
  'context-window': ({ plan, answer }) => plan({ ...answer, stopReason: 'model_context_window_exceeded' }),
  pause: ({ plan, answer }) => plan({ ...answer, stopReason: 'pause_turn' }),
};

export function planFault(fault: AnthropicFault, context: FaultContext): Plan {
  return faults[fault](context);
}

function steps(context: FaultContext, change: (all: readonly Step[]) => readonly Step[]): Plan {
  const plan = context.plan(context.answer);
  return { ...plan, steps: change(plan.steps) };
}

/** The vendor reports a failure inside a stream as an event of its own, and in a plain answer as its whole body. */
function inBandError(
  context: FaultContext,
  { error }: AnthropicError,
  kept: (all: readonly Step[]) => readonly Step[],
): Plan {
  const body = { type: 'error', error, request_id: context.requestId };
  if (!context.body.stream) return bodyPlan(200, jsonType, JSON.stringify(body));
  return steps(context, (all) => [...kept(all), event('done', body)]);
}
