import type { Candidate } from './strategy.js';

/** How many successes every model begins with: an untried one is given its chance. */
export const priorSuccesses = 2;

/** The share of attempts that is expected to fail, 0–1: the mean of what was seen of late and the prior successes. */
export function expectedFailures({ statistics }: Candidate, prior = priorSuccesses): number {
  const { weight, successRate } = statistics.recent;
  return successRate === null ? 0 : (weight * (1 - successRate)) / (weight + prior);
}

/** In words. */
export function tellReliability({ statistics }: Candidate): string {
  const { weight, successRate } = statistics.recent;
  if (successRate === null) return 'nothing recent is known of its failures';
  return `${(successRate * 100).toFixed(1)} % of about ${Math.ceil(weight)} recent attempts succeeded`;
}
