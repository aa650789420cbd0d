import { InvalidInputError } from '@loci/core';
import type { RouterOptions } from './options.js';

type Check = (value: unknown) => string | undefined;

const numberFrom =
  (least: number, most = Number.POSITIVE_INFINITY): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `is not a number from ${least}${most < Number.POSITIVE_INFINITY ? ` to ${most}` : ''}`;
const oneOf =
  (...known: readonly unknown[]): Check =>
  (value) =>
    known.includes(value) ? undefined : `is not one of ${known.join(', ')}`;
const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'is not a whole number from 1';
const ms = numberFrom(0);
const features = ['tools', 'images', 'files', 'output-schema', 'reasoning', 'system', 'prefill'];

/** By path; a path whose parent is absent is not looked at. */
const checks: { readonly [path: string]: Check } = {
  maxAttempts: count,
  maxWaitMs: ms,
  afterContent: oneOf('error', 'restart', 'continue'),
  'timeouts.headersMs': ms,
  'timeouts.firstContentMs': ms,
  'timeouts.idleMs': ms,
  'timeouts.totalMs': ms,
  'drip.minCharactersPerSecond': ms,
  'drip.windowMs': numberFrom(1),
  'retry.pauseMs': ms,
  'retry.shortWaitMs': ms,
  'retry.cooldownMs': ms,
  'retry.budget.ratio': ms,
  'retry.budget.floor': ms,
  'breaker.failures': count,
  'breaker.ratio': numberFrom(0, 1),
  'breaker.volume': count,
  'breaker.windowMs': ms,
  'breaker.openMs': ms,
  'breaker.quarantineMs': ms,
  hedge: (value) =>
    typeof value === 'object' && value !== null && 'afterMs' in value ? undefined : 'has no afterMs',
  'hedge.afterMs': (value) => (value === 'p95' ? undefined : ms(value)),
  'failover.contentFilter': oneOf(true, false),
  'failover.auth': oneOf(true, false),
  'require.contextWindow': ms,
  'require.maxOutputTokens': ms,
  'require.features': (value) =>
    Array.isArray(value) && value.every((feature) => features.includes(feature))
      ? undefined
      : `is not a list of ${features.join(', ')}`,
};

/** Throws `InvalidInputError` with the path of the first option that cannot be used. */
export function checkOptions(options: RouterOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new InvalidInputError('options', 'is not an object');
  for (const [path, check] of Object.entries(checks)) {
    const value = path
      .split('.')
      .reduce<unknown>(
        (at, name) => (at as { readonly [key: string]: unknown } | undefined)?.[name],
        options,
      );
    const reason = value === undefined ? undefined : check(value);
    if (reason !== undefined) throw new InvalidInputError(path, reason);
  }
}
