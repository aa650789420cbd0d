import type { ModelErrorData } from '@loci/core';

type Decision = Pick<ModelErrorData, 'kind' | 'scope' | 'retry'>;

/** What a server said about a failure. */
export interface Failure {
  readonly status: number | undefined;
  /** The stable name of the cause, `error.details.error_code`; most failures have none. */
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
  contract_spend_limit_reached: quota,
  enforced_spend_limit_reached: quota,
  linked_organization_spend_limit_reached: quota,
  linked_organization_billing_unavailable: quota,
  organization_on_hold: quota,
  ramp_limit_exceeded: rateLimit,
};

const byType: Readonly<Record<string, Decision>> = {
  authentication_error: auth,
  permission_error: auth,
  billing_error: quota,
  rate_limit_error: rateLimit,
  overloaded_error: overloaded,
  timeout_error: timeout,
  request_too_large: contextLength,
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

// The vendor has no code for these, and no other way to say so.
const byWords: readonly (readonly [words: RegExp, decision: Decision])[] = [
  [/prompt is too long|exceeds? (?:the )?context (?:limit|window)|maximum context length/i, contextLength],
  [/credit balance is too low/i, quota],
  [/content filtering policy/i, contentFilter],
];

/** Why a call failed, by what the server said: the code, then the type, then the words of a refusal, then the status. */
export function classify({ status, code, type, text }: Failure): Decision {
  const said = decide(byCode, code) ?? decide(byType, type);
  if (said) return said;
  if (status === 404 || type === 'not_found_error') return /\bmodel\b/i.test(text) ? noModel : noPath;
  const refused =
    status === 400 || status === 422 || (status === undefined && type === 'invalid_request_error');
  if (refused) return byWords.find(([words]) => words.test(text))?.[1] ?? invalid;
  if (status === undefined) return server;
  return byStatus[status] ?? (status >= 500 ? server : invalid);
}

function decide(
  decisions: Readonly<Record<string, Decision>>,
  name: string | undefined,
): Decision | undefined {
  return name !== undefined && Object.hasOwn(decisions, name) ? decisions[name] : undefined;
}
