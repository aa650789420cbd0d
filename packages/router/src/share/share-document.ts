import type { JsonValue } from '@loci/core';
import type { HealthRecord } from '../health/health.js';
import { fromJson } from '../statistics/counters-json.js';
import { listOf, number, object, oneOf, type Read, refuse, string } from '../statistics/read-json.js';
import type { Tally } from '../statistics/statistics.js';

/** What one process tells the others. */
export interface ShareDocument {
  /** Its process has closed: whoever comes next takes it over. */
  readonly ended: boolean;
  readonly statistics: Tally;
  readonly health: readonly HealthRecord[];
  /** Ids of the documents that were taken over into this one, newest last. */
  readonly absorbed: readonly string[];
}

const version = 1;

/** @param statistics As `exportStatistics` gives them. */
export function toValue(document: Omit<ShareDocument, 'statistics'>, statistics: JsonValue): JsonValue {
  const { ended, health, absorbed } = document;
  return { version, ended, statistics, health: health.map((record) => ({ ...record })), absorbed };
}

/** Throws `InvalidInputError` for what is no such document, or one of a later version. */
export function fromValue(value: JsonValue): ShareDocument {
  const fields = object(value, 'value');
  if (fields['version'] !== version)
    refuse('value.version', `${version}, the one version that is known here`);
  return {
    ended: fields['ended'] === true,
    statistics: fromJson(fields['statistics'], 'value.statistics'),
    health: listOf(readHealth)(fields['health'], 'value.health'),
    absorbed: listOf(string)(fields['absorbed'], 'value.absorbed'),
  };
}

const readHealth: Read<HealthRecord> = (value, path) => {
  const fields = object(value, path);
  return {
    id: string(fields['id'], `${path}.id`),
    breaker: oneOf(['closed', 'open', 'half-open'])(fields['breaker'], `${path}.breaker`),
    until: number(fields['until'], `${path}.until`),
    reason: string(fields['reason'], `${path}.reason`),
    at: number(fields['at'], `${path}.at`),
  };
};
