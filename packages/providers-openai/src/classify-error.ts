import type { ModelErrorData } from '@loci/core';

type Decision = Pick<ModelErrorData, 'kind' | 'scope' | 'retry'>;

/** What a server said about a failure. */
export interface Failure {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

const quota: Decision = { kind: 'quota', scope: 'credential', retry: 'other' };
const rateLimit: Decision = { kind: 'rate-limit', scope: 'model', retry: 'same' };
const overloaded: Decision = { kind: 'overloaded', scope: 'provider', retry: 'same' };
const server: Decision = { kind: 'server', scope: 'provider', retry: 'same' };
const auth: Decision = { kind: 'auth', scope: 'credential', retry: 'other' };
const noModel: Decision = { kind: 'not-found', scope: 'model', retry: 'other' };
const noPath: Decision = { kind: 'not-found', scope: 'provider', retry: 'other' };
const contextLength: Decision = { kind: 'context-length', scope: 'request', retry: 'other' };
const contentFilter: Decision = { kind: 'content-filter', scope: 'request', retry: 'other' };
const invalid: Decision = { kind: 'invalid-request', scope: 'request', retry: 'none' };
const timeout: Decision = { kind: 'timeout', scope: 'model', retry: 'other' };

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

// Of `response.failed`, which has no status: what is wrong with the request, not with the server.
const wrongInput = /image|data_residency|encrypted_content/;

/** Why a call failed, by what the server said: its code before its status, its status before its type. */
export function classify({ status, code, type, text }: Failure): Decision {
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
  return byStatus[status] ?? (status >= 500 ? server : invalid);
}

function decide(name: string | undefined): Decision | undefined {
  return name !== undefined && Object.hasOwn(byCode, name) ? byCode[name] : undefined;
}
