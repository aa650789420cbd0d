import { InvalidInputError, type JsonValue, type Usage } from '@loci/core';
import type { Artifact } from '../artifacts/artifact.js';

/** What a pass did to the view, from the gentlest to the roughest. */
export type PassAction = 'clear' | 'summary' | 'digest';

/** The record of one pass, in the `details` of its overlay: what it went on from, what it covers, what the summariser saw. */
export interface CompactionDetails {
  readonly by: '@loci/memory-compaction';
  readonly version: 1;
  readonly action: PassAction;
  /** Id of the overlay whose summary was updated; `null` for the first summary, and where nothing was summarised before. */
  readonly basis: string | null;
  /** How many passes wrote this summary so far: 0 where there is none. */
  readonly generation: number;
  /** Ids of the messages that this pass covered and no earlier one, in the order of the view. */
  readonly covered: readonly string[];
  /** Ids of messages of which this pass cleared tool results or reasoning, or replaced pictures. */
  readonly replaced: readonly string[];
  /** What the summariser was given, over all its calls; `null` where none was asked. */
  readonly saw: {
    readonly ids: readonly string[];
    readonly characters: number;
    /** Of the text, by `hashText`. */
    readonly hash: string;
    readonly parts: number;
  } | null;
  /** `provider/modelId`; `null` where no model was asked. */
  readonly model: string | null;
  readonly calls: number;
  /** Summed over the calls; `null` where the vendor did not say. */
  readonly usage: Usage | null;
  /** Of the prompt as the turn's counter sees it, instructions and tools included. */
  readonly tokens: { readonly before: number; readonly after: number };
  /** Why it ran, in words, for example `tokens`. */
  readonly trigger: string;
  /** The summary without its table, for the next update. */
  readonly prose: string;
  /** The table of exact values that the summary carries. */
  readonly artifacts: readonly Artifact[];
  /** Exact values of what was covered: how many there were, and how many the summary holds, in its prose or in its table. */
  readonly retention: { readonly found: number; readonly kept: number };
}

/** The record of a pass; undefined where something else shaped the thread. Throws `InvalidInputError` for a damaged one. */
export function readDetails(details: JsonValue | undefined): CompactionDetails | undefined {
  const given = details as Partial<CompactionDetails> | null | undefined;
  if (given?.by !== '@loci/memory-compaction') return undefined;
  const isText = (value: unknown) => typeof value === 'string';
  const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isOk =
    given.version === 1 &&
    ['clear', 'summary', 'digest'].includes(given.action as string) &&
    (given.basis === null || isText(given.basis)) &&
    isCount(given.generation) &&
    isTexts(given.covered) &&
    isTexts(given.replaced) &&
    isCount(given.calls) &&
    isCount(given.tokens?.before) &&
    isCount(given.tokens?.after) &&
    isText(given.prose) &&
    Array.isArray(given.artifacts) &&
    given.artifacts.every((one) => isText(one?.kind) && isText(one?.value)) &&
    isCount(given.retention?.found) &&
    isCount(given.retention?.kept);
  if (!isOk)
    throw new InvalidInputError('details', 'are not a record of a compaction that this version can read');
  return given as CompactionDetails;
}
