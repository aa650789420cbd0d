import { createMessage, type Message, messageText } from '@loci/core';
import type { Artifact } from '../artifacts/artifact.js';
import { fitArtifacts, renderArtifacts } from '../artifacts/artifact-table.js';
import { extractArtifacts } from '../artifacts/extract-artifacts.js';
import type { Settings } from '../options/settings.js';
import type { Draft } from '../plan/draft.js';
import type { MadePlan } from '../plan/make-plan.js';
import { type Subject, sum, summaryTokens, textTokens } from '../plan/subject.js';
import type { Summarised } from '../summarise/summarise.js';
import { SummaryRefusedError } from '../summarise/summary-refused-error.js';
import { type CompactionDetails, readDetails } from './details.js';

/** What an overlay will say. */
export interface Written {
  readonly outcome: 'written';
  readonly draft: Draft;
  readonly summary: Message | undefined;
  readonly details: CompactionDetails;
}

export interface SummaryText {
  readonly prose: string;
  /** The covered messages as they were written; there may be more behind them. */
  readonly originals: readonly Message[];
  /** Absent for a digest. */
  readonly summarised?: Summarised;
}

/**
 * Puts the exact values that the prose lost behind it. Throws `SummaryRefusedError` where the whole is not smaller than
 * what it stands for, or the summariser was not given all of it.
 */
export function toWritten(
  subject: Subject,
  settings: Settings,
  made: MadePlan,
  draft: Draft,
  { prose, originals, summarised }: SummaryText,
): Written {
  const { view, count } = subject;
  const countText = (text: string) => textTokens(text, count);
  const earlier = readDetails(view.current?.details);
  const covered = draft.covered.map(({ id }) => id);
  const found = extractArtifacts(originals.slice(0, covered.length));
  const { table, ...retention } = fitArtifacts(valuesBefore(subject), found, prose, {
    maxTokens: draft.summaryTokens - countText(prose),
    countText,
  });
  const text = [prose, renderArtifacts(table)].filter((part) => part !== '').join('\n\n');
  const summary = createMessage({
    role: 'user',
    content: text,
    createdAt: settings.clock.now(),
    ...(settings.tags.length > 0 ? { tags: settings.tags } : {}),
    ...(subject.agentId === undefined ? {} : { agentId: subject.agentId }),
  });
  const tokens = summaryTokens(summary, subject);
  if (tokens >= made.sizes.summary + sum(draft.covered, count)) throw new SummaryRefusedError('longer');
  return {
    outcome: 'written',
    draft,
    summary,
    details: {
      by: '@loci/memory-compaction',
      version: 1,
      action: summarised ? 'summary' : 'digest',
      basis: view.summary && view.current ? view.current.id : null,
      generation: (earlier?.generation ?? (view.summary ? 1 : 0)) + 1,
      covered,
      replaced: draft.replaced,
      saw: summarised ? toSaw(summarised, covered, subject, settings) : null,
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
export function withSummaryAsItIs({ view }: Subject, made: MadePlan, draft: Draft): Written {
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
export function previousProse({ view }: Subject): string | undefined {
  const earlier = readDetails(view.current?.details);
  if (earlier && earlier.prose !== '') return earlier.prose;
  return view.summary ? messageText(view.summary) : undefined;
}

/** Exact values that the summary so far holds, in its prose or in its table: the update may lose them. */
function valuesBefore(subject: Subject): readonly Artifact[] {
  const prose = previousProse(subject);
  const told: Message[] = prose === undefined ? [] : [createMessage({ role: 'assistant', content: prose })];
  return [...(readDetails(subject.view.current?.details)?.artifacts ?? []), ...extractArtifacts(told)];
}

/** INVARIANT: what a summary covers was given to its summariser, in full or, if so chosen, with a line for what was cleared. */
function toSaw(
  { saw }: Summarised,
  covered: readonly string[],
  { view }: Subject,
  { readCleared }: Settings,
): CompactionDetails['saw'] {
  const cleared = new Set(readCleared ? [] : Object.keys(view.current?.replace ?? {}));
  const given = new Set(saw.ids);
  if (covered.some((id) => !given.has(id))) throw new SummaryRefusedError('incomplete');
  return { ...saw, ids: saw.ids.filter((id) => !cleared.has(id)) };
}
