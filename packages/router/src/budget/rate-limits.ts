import type { ChatResponse, JsonValue } from '@loci/core';

/** One limit as the vendor stated it with a response. */
export interface StatedLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of it is there again; absent where the vendor does not say. */
  readonly resetMs?: number;
}

export interface StatedLimits {
  readonly requests?: StatedLimit;
  /** Of all tokens; of the input where the vendor counts input and output apart. */
  readonly tokens?: StatedLimit;
}

/** What each vendor calls limit, remaining and reset, by the ends of the header names that the providers keep. */
const names = {
  requests: [
    ['limit-requests', 'remaining-requests', 'reset-requests'],
    ['requests-limit', 'requests-remaining', 'requests-reset'],
    ['limit-req-minute', 'remaining-req-minute', ''],
  ],
  tokens: [
    ['limit-tokens', 'remaining-tokens', 'reset-tokens'],
    ['input-tokens-limit', 'input-tokens-remaining', 'input-tokens-reset'],
    ['tokens-limit', 'tokens-remaining', 'tokens-reset'],
    ['limit-tokens-minute', 'remaining-tokens-minute', ''],
  ],
} as const;

/** Reads `notes.<provider>.rateLimits` of a response, in the words of OpenAI, Anthropic or Mistral. */
export function readRateLimits(notes: ChatResponse['notes'], now: number): StatedLimits {
  const stated = Object.values(notes ?? {}).find((note) => isObject(note) && isObject(note['rateLimits']));
  const headers = isObject(stated) ? stated['rateLimits'] : undefined;
  if (!isObject(headers)) return {};
  const requests = find(headers, names.requests, now);
  const tokens = find(headers, names.tokens, now);
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

type Headers = { readonly [name: string]: JsonValue };

function find(headers: Headers, ways: readonly (readonly string[])[], now: number): StatedLimit | undefined {
  for (const [limitName = '', remainingName = '', resetName = ''] of ways) {
    const limit = toNumber(headers[limitName]);
    const remaining = toNumber(headers[remainingName]);
    if (limit === undefined || remaining === undefined || limit === 0) continue;
    const resetMs = toResetMs(headers[resetName], now);
    return { limit, remaining, ...(resetMs !== undefined && { resetMs }) };
  }
  return undefined;
}

function toNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6m0.5s` and `17ms` of OpenAI; a moment in RFC 3339 of Anthropic. */
function toResetMs(value: JsonValue | undefined, now: number): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(value)) {
    const parts = [...value.matchAll(/([\d.]+)(ms|[smhd])/g)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
  }
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function isObject(value: unknown): value is Headers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
