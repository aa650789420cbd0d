import { type Decision, decideByStatus, decisions, type Failure } from '@loci/core/provider';

const {
  quota,
  rateLimit,
  overloaded,
  server,
  auth,
  noModel,
  noPath,
  contextLength,
  contentFilter,
  invalid,
  timeout,
} = decisions;

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

// The vendor has no code for these, and no other way to say so.
const byWords: readonly (readonly [words: RegExp, decision: Decision])[] = [
  [/prompt is too long|exceeds? (?:the )?context (?:limit|window)|maximum context length/i, contextLength],
  [/credit balance is too low/i, quota],
  [/content filtering policy/i, contentFilter],
];

/** Why a call failed, by what the server said: the code, then the type, then the words of a refusal, then the status. */
export function classify({ status, code, type, text }: Omit<Failure, 'decision'>): Decision {
  const said = decide(byCode, code) ?? decide(byType, type);
  if (said) return said;
  if (status === 404 || type === 'not_found_error') return /\bmodel\b/i.test(text) ? noModel : noPath;
  const refused =
    status === 400 || status === 422 || (status === undefined && type === 'invalid_request_error');
  if (refused) return byWords.find(([words]) => words.test(text))?.[1] ?? invalid;
  if (status === undefined) return server;
  return decideByStatus(status);
}

function decide(
  decisions: Readonly<Record<string, Decision>>,
  name: string | undefined,
): Decision | undefined {
  return name !== undefined && Object.hasOwn(decisions, name) ? decisions[name] : undefined;
}
