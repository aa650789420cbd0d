import { ModelError } from '@loci/core';
import { digestMessages } from '../digest/digest-messages.js';
import type { Settings } from '../options/settings.js';
import type { Draft } from '../plan/draft.js';
import { leastSummary, type MadePlan, summariserOf } from '../plan/make-plan.js';
import { type Subject, textTokens } from '../plan/subject.js';
import type { Breaker } from '../summarise/breaker.js';
import { toChunks } from '../summarise/chunks.js';
import { originalsOf } from '../summarise/originals.js';
import { callsFor, chunkTokens, summarise } from '../summarise/summarise.js';
import { previousProse, toWritten, type Written, withSummaryAsItIs } from './to-written.js';

type Outcome =
  | Written
  | { readonly outcome: 'breaker' }
  | { readonly outcome: 'failed'; readonly error: unknown };

/** The part of a summary that its prose may fill; the rest is for exact values that it lost. */
const proseShare = 0.7;

/** What a draft's overlay will say. Asks the summariser, and does without it where the prompt would not fit otherwise. */
export async function writeSummary(
  subject: Subject,
  settings: Settings,
  made: MadePlan,
  chosen: Draft,
  breaker: Breaker,
  progress: (done: number, of: number) => void,
): Promise<Outcome> {
  if (chosen.covered.length === 0) return withSummaryAsItIs(subject, made, chosen);
  const overflows = made.sizes.total > made.marks.limit;
  const model = summariserOf(subject, settings);
  const pause = model && breaker.openUntil();
  if (!model) return digest(subject, settings, made, chosen);
  if (pause !== undefined)
    return overflows ? doWithout(subject, settings, made, chosen) : { outcome: 'breaker' };

  const { view } = subject;
  const previous = previousProse(subject);
  const maxTokens = (draft: Draft) => Math.floor(draft.summaryTokens * proseShare);
  const size = chunkTokens({ subject, settings, model, previous, maxTokens: maxTokens(chosen) });
  const all = await originalsOf(subject.thread, view, chosen.covered);
  const told = settings.readCleared ? all : chosen.covered;
  const { draft, fits } = withinCalls(
    chosen,
    (one) =>
      callsFor(toChunks(told.slice(0, one.covered.length), size, subject.count).length, size, maxTokens(one)),
    settings,
    made,
  );
  if (!fits) return digest(subject, settings, made, draft);
  const messages = told.slice(0, draft.covered.length);
  try {
    const summarised = await summarise({
      subject,
      settings,
      model,
      messages,
      previous,
      maxTokens: maxTokens(draft),
      size,
      samePrefix: made.samePrefix && draft === chosen,
      progress,
    });
    const written = toWritten(subject, settings, made, draft, {
      prose: summarised.prose,
      originals: all,
      summarised,
    });
    breaker.succeeded();
    return written;
  } catch (error) {
    subject.signal?.throwIfAborted();
    breaker.failed(ModelError.isInstance(error) ? error.retryAfterMs : undefined);
    return overflows ? doWithout(subject, settings, made, chosen) : { outcome: 'failed', error };
  }
}

/** The range that at most `maxSummaryCalls` calls can read, as the next pass goes on from there; `fits`: whether there is one. */
function withinCalls(
  chosen: Draft,
  callsOf: (draft: Draft) => number,
  { maxSummaryCalls }: Settings,
  made: MadePlan,
): { readonly draft: Draft; readonly fits: boolean } {
  // One is for a reminder.
  const most = Math.max(1, maxSummaryCalls - 1);
  let draft = chosen;
  for (;;) {
    if (callsOf(draft) <= most) return { draft, fits: true };
    const { covered } = draft;
    const shorter = made.shorten(Math.floor(covered.length * 0.7));
    if (shorter.covered.length >= covered.length || shorter.summaryTokens < leastSummary)
      return { draft, fits: false };
    draft = shorter;
  }
}

/** Clearing, if that is enough for now; otherwise a digest. */
async function doWithout(
  subject: Subject,
  settings: Settings,
  made: MadePlan,
  chosen: Draft,
): Promise<Outcome> {
  const { clearing, marks } = made;
  if (clearing && clearing.tokens <= marks.limit - marks.minGain)
    return withSummaryAsItIs(subject, made, clearing);
  return digest(subject, settings, made, chosen);
}

async function digest(subject: Subject, settings: Settings, made: MadePlan, draft: Draft): Promise<Outcome> {
  const originals = await originalsOf(subject.thread, subject.view, draft.covered);
  const prose = digestMessages(originals, {
    previous: previousProse(subject),
    maxTokens: Math.floor(draft.summaryTokens * proseShare),
    countText: (text) => textTokens(text, subject.count),
  });
  return toWritten(subject, settings, made, draft, { prose, originals });
}
