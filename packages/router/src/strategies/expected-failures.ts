import type { ModelStatistics } from '../statistics/statistics.js';

/** How many successes every model begins with: an untried one is given its chance. */
export const priorSuccesses = 2;

/** The share of attempts that is expected to fail, 0–1: the mean of what was seen of late and the prior successes. */
export function expectedFailures(
  { weight, successRate }: ModelStatistics['recent'],
  prior = priorSuccesses,
): number {
  return successRate === null ? 0 : (weight * (1 - successRate)) / (weight + prior);
}

/** In words. */
export function tellReliability({ weight, successRate }: ModelStatistics['recent']): string {
  if (successRate === null) return 'nothing recent is known of its failures';
  return `${Math.round(successRate * 1000) / 10} % of about ${Math.ceil(weight)} recent attempts succeeded`;
}
