import { type Decision, decideByStatus, decisions, type Failure } from '@loci/core/provider';

const { auth, contentFilter, contextLength, noModel, overloaded, quota, rateLimit, timeout } = decisions;

/** The words that vendors behind the AI SDK are known to use as code, type or status. */
const byName: Readonly<Record<string, Decision>> = {
  insufficient_quota: quota,
  billing_hard_limit_reached: quota,
  billing_not_active: quota,
  billing_error: quota,
  payment_required: quota,
  enforced_spend_limit_reached: quota,
  contract_spend_limit_reached: quota,
  organization_on_hold: quota,
  rate_limit_exceeded: rateLimit,
  rate_limited: rateLimit,
  rate_limit_error: rateLimit,
  RESOURCE_EXHAUSTED: rateLimit,
  overloaded_error: overloaded,
  service_unavailable_error: overloaded,
  UNAVAILABLE: overloaded,
  authentication_error: auth,
  invalid_api_key: auth,
  permission_error: auth,
  UNAUTHENTICATED: auth,
  PERMISSION_DENIED: auth,
  model_not_found: noModel,
  invalid_model: noModel,
  context_length_exceeded: contextLength,
  request_too_large: contextLength,
  content_filter: contentFilter,
  content_policy_violation: contentFilter,
  timeout_error: timeout,
  DEADLINE_EXCEEDED: timeout,
};

// Vendors have no code for these, and no other way to say so.
const byWords: readonly (readonly [words: RegExp, decision: Decision])[] = [
  [
    /prompt is too long|context (?:length|limit|window)|too large for model|input token count/i,
    contextLength,
  ],
  [/credit balance is too low/i, quota],
  [/content (?:filter|management)|content policy|\bsafety\b/i, contentFilter],
];

/** Why a call failed, by what the server said: code and type, then the words of a refusal, then the status. */
export function classify({
  status,
  code,
  type,
  text,
}: Pick<Failure, 'status' | 'code' | 'type' | 'text'>): Decision {
  const said = decide(code) ?? decide(type);
  if (said) return said;
  if (status === 404 || type === 'not_found_error')
    return /\bmodel\b/i.test(text) ? noModel : decisions.noPath;
  const refused =
    status === 400 || status === 422 || (status === undefined && type === 'invalid_request_error');
  if (refused) return byWords.find(([words]) => words.test(text))?.[1] ?? decisions.invalid;
  // Behind a gateway the model was too slow, and the next call may be as slow.
  if (status === 504) return timeout;
  return status === undefined ? decisions.server : decideByStatus(status);
}

function decide(name: string | undefined): Decision | undefined {
  return name !== undefined && Object.hasOwn(byName, name) ? byName[name] : undefined;
}
