import type { Warning } from '../model/model.js';
import { createWarnings } from './warnings.js';
import { type LossReason, sentences } from './why.js';

/** A part of the conversation that was given. */
export interface PartSource {
  readonly messageId: string;
  /** Tells messages apart where a history holds one id twice. */
  readonly messageIndex: number;
  readonly partIndex: number;
}

/** A part of the compiled conversation, by its indexes. */
export interface Place {
  readonly message: number;
  readonly part: number;
}

export interface Kept extends PartSource {
  readonly at: Place;
}

export interface Rewritten extends PartSource {
  readonly at: Place;
  readonly why: readonly LossReason[];
}

export interface Dropped extends PartSource {
  readonly why: readonly LossReason[];
}

export interface Added {
  readonly at: Place;
  readonly why: readonly LossReason[];
}

/**
 * INVARIANT: every part that was given is in exactly one of `kept`, `rewritten` and `dropped`, in the order given; every
 * part that is sent is in exactly one of `kept`, `rewritten` and `added`.
 */
export interface LossReport {
  /** Sent as they were; results may stand nearer to their calls. */
  readonly kept: readonly Kept[];
  readonly rewritten: readonly Rewritten[];
  readonly dropped: readonly Dropped[];
  /** What nobody wrote: the dialect's own texts, and errors in place of results. */
  readonly added: readonly Added[];
}

/** What the caller should know of a report, each reason once. */
export function toWarnings({ rewritten, dropped, added }: LossReport): Warning[] {
  const warnings = createWarnings();
  for (const { why } of [...dropped, ...rewritten, ...added]) {
    for (const reason of why) {
      const sentence = sentences[reason];
      if (sentence !== undefined) warnings.add(reason, sentence);
    }
  }
  return warnings.list();
}
