import { type Decision, decision } from './failures.js';

/** What a server said about a failure. */
export interface Failure {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

const quota = decision('quota', 'credential', 'other');
const rateLimit = decision('rate-limit', 'model', 'same');
const overloaded = decision('overloaded', 'provider', 'same');
// The model is full, not the caller's own limit reached.
const full = decision('overloaded', 'model', 'same');
const server = decision('server', 'provider', 'same');
const auth = decision('auth', 'credential', 'other');
const noModel = decision('not-found', 'model', 'other');
const noPath = decision('not-found', 'provider', 'other');
const contextLength = decision('context-length', 'request', 'other');
const contentFilter = decision('content-filter', 'request', 'other');
const invalid = decision('invalid-request', 'request', 'none');
const timeout = decision('timeout', 'model', 'other');

/** By the vendor's number, which it sends as text, and by its type. */
const byName: Readonly<Record<string, Decision>> = {
  '1300': rateLimit,
  '1500': noModel,
  '3051': contextLength,
  '3230': invalid,
  '3240': invalid,
  '3280': invalid,
  '3505': full,
  rate_limited: rateLimit,
  service_tier_capacity_exceeded: full,
  invalid_model: noModel,
  payment_required: quota,
  internal_server_error: server,
  service_unavailable: overloaded,
  invalid_request_message_order: invalid,
  invalid_function_call: invalid,
};

const byStatus: Readonly<Record<number, Decision>> = {
  401: auth,
  402: quota,
  403: auth,
  404: noPath,
  408: timeout,
  409: server,
  413: contextLength,
  429: rateLimit,
  503: overloaded,
  529: overloaded,
};

/** Why a call failed, by what the server said: its code and type before its status, its words last. */
export function classify({ status, code, type, text }: Failure): Decision {
  if ((status === 400 || status === 422) && /too large for model|maximum context length/i.test(text))
    return contextLength;
  // The vendor names no code for them.
  if (status === 403 && /guardrail|moderation|content policy/i.test(`${type} ${text}`)) return contentFilter;
  if (
    status === 429 &&
    /(?:quota|credits?|spending limit|usage limit)\b.*\b(?:exceeded|reached|left)|billing/i.test(text)
  )
    return quota;
  if (status === 404 && /\bmodel\b/i.test(text)) return noModel;
  const named = decide(code) ?? decide(type);
  if (named) return named;
  if (status === undefined) return /^invalid_/.test(type ?? '') ? invalid : server;
  return byStatus[status] ?? (status >= 500 ? server : invalid);
}

function decide(name: string | undefined): Decision | undefined {
  return name !== undefined && Object.hasOwn(byName, name) ? byName[name] : undefined;
}
