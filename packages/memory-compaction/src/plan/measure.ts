import type { Settings } from '../options/settings.js';
import { type Subject, sum, summaryTokens } from './subject.js';

/** Sizes of a prompt in tokens, as the turn's counter sees them. */
export interface Measure {
  /** Instructions and tool schemas. */
  readonly fixed: number;
  /** Pinned and otherwise kept messages. */
  readonly kept: number;
  readonly summary: number;
  /** Messages of the view. */
  readonly history: number;
  /** The turn's own messages that are not stored yet. */
  readonly unstored: number;
  readonly total: number;
  /** Messages of the view and the turn. */
  readonly messages: number;
}

export function measure(subject: Subject): Measure {
  const { view, unstored, count, fixedTokens } = subject;
  const sizes = {
    fixed: fixedTokens,
    kept: sum(view.kept, count),
    summary: summaryTokens(view.summary, subject),
    history: sum(view.messages, count),
    unstored: sum(unstored, count),
  };
  const total = Object.values(sizes).reduce((all, size) => all + size, 0);
  return { ...sizes, total, messages: view.messages.length + unstored.length };
}

/** Where compaction begins and what it leaves, in tokens of the whole prompt. */
export interface Marks {
  /** The lowest of the triggers by size, and what fits. */
  readonly threshold: number;
  readonly target: number;
  /** The least that a pass has to gain. */
  readonly minGain: number;
  /** More than this does not fit. */
  readonly limit: number;
}

export function toMarks(subject: Subject, settings: Settings): Marks {
  const { fixedTokens, room, errorRatio } = subject;
  const limit = fixedTokens + room;
  const sizes = settings.triggers.flatMap(({ tokens, fraction }) => [
    ...(tokens === undefined ? [] : [tokens / (1 + errorRatio)]),
    ...(fraction === undefined ? [] : [fraction * limit]),
  ]);
  return marksAt(fixedTokens, Math.min(limit, ...sizes), limit, settings);
}

/** Where not the size was the reason, the size now is the measure of what a pass should leave. */
export function marksFor(trigger: string, sizes: Measure, marks: Marks, settings: Settings): Marks {
  const bySize = /tokens|fraction|overflow|cold-cache/.test(trigger) && Number.isFinite(marks.threshold);
  if (bySize) return marks;
  const { target, minGain } = marksAt(sizes.fixed, sizes.total, marks.limit, settings);
  return { ...marks, target, minGain };
}

function marksAt(fixed: number, threshold: number, limit: number, settings: Settings): Marks {
  const variable = Math.max(0, threshold - fixed);
  return {
    threshold,
    target: fixed + variable * settings.target,
    minGain: variable * settings.minGain,
    limit,
  };
}
