import type { Usage } from '@loci/core';
import type { TokenRates } from '../options/options.js';
import type { Draft } from './draft.js';
import type { Measure } from './measure.js';

/** As most vendors bill in 2026, in units of one token that is read for the first time. */
export const usualRates: TokenRates = Object.freeze({
  input: 1,
  cacheRead: 0.1,
  cacheWrite: 1.25,
  output: 5,
});

export interface Economics {
  readonly cost: number;
  readonly breakEvenCalls: number;
  /** Whether the summariser is best given the conversation as it stands, because the vendor has it cached. */
  readonly samePrefix: boolean;
}

/**
 * What a draft costs now, and when it has paid for itself. A cold prefix has to be written in any case, so rewriting it
 * costs nothing then.
 */
export function toEconomics(
  draft: Draft,
  sizes: Measure,
  cache: 'warm' | 'cold' | 'unknown',
  rates: TokenRates,
  summariser: { readonly rates: TokenRates; readonly canShare: boolean; readonly coveredTokens: number },
): Economics {
  const rewrite = cache === 'warm' ? draft.rewrite * (rates.cacheWrite - rates.cacheRead) : 0;
  const prefix = sizes.fixed + sizes.kept + sizes.summary + summariser.coveredTokens;
  const alone = summariser.coveredTokens * summariser.rates.input;
  const shared = prefix * (cache === 'warm' ? rates.cacheRead : rates.cacheWrite);
  const samePrefix = summariser.canShare && shared < alone;
  const asks = draft.covered.length > 0;
  const asking = asks ? (samePrefix ? shared : alone) + draft.summaryTokens * summariser.rates.output : 0;
  const saved = (sizes.total - draft.tokens) * rates.cacheRead;
  const cost = rewrite + asking;
  return { cost, breakEvenCalls: saved > 0 ? Math.ceil(cost / saved) : Number.POSITIVE_INFINITY, samePrefix };
}

/** What calls cost that have been made. */
export function costOf({ input, cacheRead, cacheWrite, output }: Usage, rates: TokenRates): number {
  return (
    (input - cacheRead - cacheWrite) * rates.input +
    cacheRead * rates.cacheRead +
    cacheWrite * rates.cacheWrite +
    output * rates.output
  );
}
