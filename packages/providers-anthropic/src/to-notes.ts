import type { JsonValue } from '@loci/core';
import { isObject } from '@loci/core/provider';

type Notes = Record<string, JsonValue>;

/** What moves the price of an answer, and why one was refused, as the vendor stated it. */
export function toNotes(usage: Readonly<Record<string, unknown>>, stopDetails: unknown): Notes {
  const notes: Notes = {};
  const created = usage['cache_creation'];
  if (isObject(created)) {
    notes['cacheWrites'] = Object.fromEntries(
      [
        ['5m', created['ephemeral_5m_input_tokens']],
        ['1h', created['ephemeral_1h_input_tokens']],
      ].filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  }
  for (const [name, field] of [
    ['serviceTier', 'service_tier'],
    ['speed', 'speed'],
    ['inferenceGeo', 'inference_geo'],
  ] as const) {
    const value = usage[field];
    if (typeof value === 'string') notes[name] = value;
  }
  if (isObject(stopDetails) && typeof stopDetails['category'] === 'string')
    notes['refusalCategory'] = stopDetails['category'];
  return notes;
}
