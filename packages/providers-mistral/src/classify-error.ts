import { type Decision, decideByStatus, decisions, type Failure } from '@loci/core/provider';

const { quota, rateLimit, overloaded, server, noModel, contextLength, contentFilter, invalid } = decisions;
// The model is full, not the caller's own limit reached.
const full: Decision = { ...overloaded, scope: 'model' };

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

/** Why a call failed, by what the server said: its code and type before its status, its words last. */
export function classify({ status, code, type, text }: Omit<Failure, 'decision'>): Decision {
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
  return decideByStatus(status);
}

function decide(name: string | undefined): Decision | undefined {
  return name !== undefined && Object.hasOwn(byName, name) ? byName[name] : undefined;
}
