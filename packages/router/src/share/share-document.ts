import type { JsonValue } from '@loci/core';
import type { HealthRecord } from '../health/health.js';
import { fromJson } from '../statistics/counters-json.js';
import { listOf, number, object, oneOf, type Read, refuse, string } from '../statistics/read-json.js';

/** What one process tells the others. */
export interface ShareDocument {
  /** Its process has closed: whoever comes next takes it over. */
  readonly ended: boolean;
  /** As `Statistics.export` gives them. */
  readonly statistics: JsonValue;
  readonly health: readonly HealthRecord[];
  /** Ids of the documents that were taken over into this one, newest last. */
  readonly absorbed: readonly string[];
}

const version = 1;

export function toValue({ ended, statistics, health, absorbed }: ShareDocument): JsonValue {
  return { version, ended, statistics, health: health.map((record) => ({ ...record })), absorbed };
}

/** Throws `InvalidInputError` for what is no such document, or one of a later version. */
export function fromValue(value: JsonValue): ShareDocument {
  const fields = object(value, 'value');
  if (fields['version'] !== version)
    refuse('value.version', `${version}, the one version that is known here`);
  const statistics = value as { readonly statistics: JsonValue };
  fromJson(statistics.statistics, 'value.statistics');
  return {
    ended: fields['ended'] === true,
    statistics: statistics.statistics,
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
