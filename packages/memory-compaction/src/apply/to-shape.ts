import { type Coverage, hashMessages, type JsonValue, type Message, type Shape } from '@loci/core';
import type { Draft } from '../plan/draft.js';
import type { Subject } from '../plan/subject.js';
import type { CompactionDetails } from './details.js';

const nothingCovered: Coverage = { closed: { turnSeq: 0, seq: 0 } };

/** The whole shape: what an earlier one said and this one does not change is said again. */
export function toShape(
  { view }: Subject,
  { covered, keep, replace }: Draft,
  summary: Message | undefined,
  details: CompactionDetails,
): Shape {
  const last = covered.at(-1);
  return {
    covers: last ? view.coverage(last) : (view.current?.covers ?? nothingCovered),
    hash: hashMessages(last ? covered : view.messages),
    keep,
    ...(summary ? { summary } : {}),
    ...(replace.size > 0 ? { replace: Object.fromEntries(replace) } : {}),
    details: details as unknown as JsonValue,
  };
}
