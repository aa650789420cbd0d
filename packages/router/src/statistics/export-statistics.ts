import type { JsonValue } from '@loci/core';
import { fromJson, toJson } from './counters-json.js';
import type { Statistics } from './statistics.js';

/** What was counted in this process, as JSON, for a file or another process. */
export function exportStatistics(statistics: Pick<Statistics, 'tally'>): JsonValue {
  return toJson(statistics.tally());
}

/**
 * Adds what `exportStatistics` gave to what was counted here. Throws `InvalidInputError` where it is something else;
 * nothing is added then.
 */
export function importStatistics(statistics: Pick<Statistics, 'add'>, exported: JsonValue): void {
  statistics.add(fromJson(exported, 'exported'));
}
