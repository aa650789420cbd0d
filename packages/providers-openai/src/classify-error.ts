import { type Decision, decideByStatus, decisions, type Failure } from '@loci/core/provider';

const { quota, rateLimit, overloaded, server, auth, noModel, contextLength, contentFilter, invalid } =
  decisions;

const byCode: Readonly<Record<string, Decision>> = {
  insufficient_quota: quota,
  billing_hard_limit_reached: quota,
  billing_not_active: quota,
  rate_limit_exceeded: rateLimit,
  rate_limit_error: rateLimit,
  overloaded_error: overloaded,
  service_unavailable_error: overloaded,
  server_error: server,
  invalid_api_key: auth,
  authentication_error: auth,
  permission_error: auth,
  model_not_found: noModel,
  context_length_exceeded: contextLength,
  content_filter: contentFilter,
  content_policy_violation: contentFilter,
  invalid_prompt: contentFilter,
  misalignment_policy_violation: contentFilter,
  bio_policy: contentFilter,
  image_content_policy_violation: contentFilter,
};

// Of `response.failed`, which has no status: what is wrong with the request, not with the server.
const wrongInput = /image|data_residency|encrypted_content/;

/** Why a call failed, by what the server said: its code before its status, its status before its type. */
export function classify({ status, code, type, text }: Omit<Failure, 'decision'>): Decision {
  const coded = decide(code) ?? (type === 'insufficient_quota' ? quota : undefined);
  if (coded) return coded;
  if (status === undefined && code !== undefined && wrongInput.test(code)) return invalid;
  if (status === undefined) return decide(type) ?? (type === 'invalid_request_error' ? invalid : server);
  // Compatible servers have no code for it, and no other way to say so.
  if (
    (status === 400 || status === 422) &&
    /maximum context length|context (?:length|window)|prompt is too long/i.test(text)
  )
    return contextLength;
  if (status === 404 && /\bmodel\b/i.test(text)) return noModel;
  return decideByStatus(status);
}

function decide(name: string | undefined): Decision | undefined {
  return name !== undefined && Object.hasOwn(byCode, name) ? byCode[name] : undefined;
}
