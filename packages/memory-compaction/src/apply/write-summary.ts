import { createMessage, type Message, ModelError, messageText } from '@loci/core';
import { fitArtifacts, renderArtifacts } from '../artifacts/artifact-table.js';
import { extractArtifacts } from '../artifacts/extract-artifacts.js';
import { digestMessages } from '../digest/digest-messages.js';
import type { Settings } from '../options/settings.js';
import type { Draft } from '../plan/draft.js';
import { leastSummary, type MadePlan, summariserOf } from '../plan/make-plan.js';
import { type Subject, sum, textTokens } from '../plan/subject.js';
import type { Breaker } from '../summarise/breaker.js';
import { toChunks } from '../summarise/chunks.js';
import { originalsOf } from '../summarise/originals.js';
import { callsFor, chunkTokens, type Summarised, summarise } from '../summarise/summarise.js';
import { SummaryRefusedError } from '../summarise/summary-refused-error.js';
import { type CompactionDetails, type PassAction, readDetails } from './details.js';

type Written =
  | {
      readonly outcome: 'written';
      readonly draft: Draft;
      readonly summary: Message | undefined;
      readonly details: CompactionDetails;
    }
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
): Promise<Written> {
  if (chosen.covered.length === 0) return keepSummary(subject, made, chosen);
  const overflows = made.sizes.total > made.marks.limit;
  const model = summariserOf(subject, settings);
  const pause = model && breaker.openUntil();
  if (!model) return digest(subject, settings, made, chosen);
  if (pause !== undefined)
    return overflows ? doWithout(subject, settings, made, chosen) : { outcome: 'breaker' };

  const { view } = subject;
  const previous = previousOf(subject);
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
    const written = finish(subject, settings, made, draft, all, 'summary', summarised.prose, summarised);
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
): Promise<Written> {
  const { clearing, marks } = made;
  if (clearing && clearing.tokens <= marks.limit - marks.minGain) return keepSummary(subject, made, clearing);
  return digest(subject, settings, made, chosen);
}

async function digest(subject: Subject, settings: Settings, made: MadePlan, draft: Draft): Promise<Written> {
  const all = await originalsOf(subject.thread, subject.view, draft.covered);
  const prose = digestMessages(all, {
    previous: previousOf(subject),
    maxTokens: Math.floor(draft.summaryTokens * proseShare),
    countText: (text) => textTokens(text, subject.count),
  });
  return finish(subject, settings, made, draft, all, 'digest', prose, undefined);
}

/** Puts the exact values that the prose lost behind it. Throws where the whole is not smaller than what it stands for. */
function finish(
  subject: Subject,
  settings: Settings,
  made: MadePlan,
  draft: Draft,
  originals: readonly Message[],
  action: PassAction,
  prose: string,
  summarised: Summarised | undefined,
): Written {
  const { view, count } = subject;
  const countText = (text: string) => textTokens(text, count);
  const earlier = readDetails(view.current?.details);
  const covered = draft.covered.map(({ id }) => id);
  const hidden = originals.slice(0, covered.length);
  const { table, ...retention } = fitArtifacts(earlier?.artifacts ?? [], extractArtifacts(hidden), prose, {
    maxTokens: draft.summaryTokens - countText(prose),
    countText,
  });
  const text = [prose, renderArtifacts(table)].filter((part) => part !== '').join('\n\n');
  const tokens = countText(text);
  const stoodFor = made.sizes.summary + sum(draft.covered, count);
  if (tokens >= stoodFor) throw new SummaryRefusedError('longer');
  // What was cleared earlier and is not read again has not been seen.
  const cleared = new Set(settings.readCleared ? [] : Object.keys(view.current?.replace ?? {}));
  const saw = summarised && {
    ...summarised.saw,
    ids: summarised.saw.ids.filter((id) => !cleared.has(id)),
  };
  const unseen = saw && covered.find((id) => !saw.ids.includes(id) && !cleared.has(id));
  if (unseen !== undefined) throw new SummaryRefusedError('incomplete');
  return {
    outcome: 'written',
    draft,
    summary: createMessage({
      role: 'user',
      content: text,
      createdAt: settings.clock.now(),
      ...(settings.tags.length > 0 ? { tags: settings.tags } : {}),
      ...(subject.agentId === undefined ? {} : { agentId: subject.agentId }),
    }),
    details: {
      by: '@loci/memory-compaction',
      version: 1,
      action,
      basis: view.summary && view.current ? view.current.id : null,
      generation: (earlier?.generation ?? (view.summary ? 1 : 0)) + 1,
      covered,
      replaced: draft.replaced,
      saw: saw ?? null,
      model: summarised?.model ?? null,
      calls: summarised?.calls ?? 0,
      usage: summarised?.usage ?? null,
      tokens: { before: made.sizes.total, after: draft.tokens - draft.summaryTokens + tokens },
      trigger: made.trigger,
      prose,
      artifacts: table,
      retention,
    },
  };
}

/** The summary stays as it is; only parts of what is in sight give way. */
function keepSummary({ view }: Subject, made: MadePlan, draft: Draft): Written {
  const earlier = readDetails(view.current?.details);
  return {
    outcome: 'written',
    draft,
    summary: view.summary,
    details: {
      by: '@loci/memory-compaction',
      version: 1,
      action: 'clear',
      basis: view.summary && view.current ? view.current.id : null,
      generation: earlier?.generation ?? 0,
      covered: [],
      replaced: draft.replaced,
      saw: null,
      model: null,
      calls: 0,
      usage: null,
      tokens: { before: made.sizes.total, after: draft.tokens },
      trigger: made.trigger,
      prose: earlier?.prose ?? '',
      artifacts: earlier?.artifacts ?? [],
      retention: { found: 0, kept: 0 },
    },
  };
}

/** What was summarised before, without its table; whoever wrote it. */
function previousOf({ view }: Subject): string | undefined {
  const earlier = readDetails(view.current?.details);
  if (earlier && earlier.prose !== '') return earlier.prose;
  return view.summary ? messageText(view.summary) : undefined;
}
