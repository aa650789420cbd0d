import type { ChatModel } from '@loci/core';
import type { TokenRates } from '../options/options.js';
import type { Settings } from '../options/settings.js';
import { type Draft, toDraft, toLayout } from './draft.js';
import { type Economics, toEconomics, usualRates } from './economics.js';
import { findCut } from './find-cut.js';
import { findTrigger } from './find-trigger.js';
import { lookAtLog, type Recent } from './look-at-log.js';
import { type Marks, type Measure, marksFor, measure, toMarks } from './measure.js';
import type { Candidate, CompactionPlan } from './plan.js';
import { type Subject, sum } from './subject.js';

/** Tokens that a summary needs to say anything. */
export const leastSummary = 40;

/** A plan, and what is needed to carry it out. */
export interface MadePlan {
  readonly plan: CompactionPlan;
  readonly chosen: Draft | undefined;
  readonly samePrefix: boolean;
  readonly trigger: string;
  readonly sizes: Measure;
  readonly marks: Marks;
  /** The roughest draft that needs no summary, if there is one. */
  readonly clearing: Draft | undefined;
  /** The draft that covers at most so many messages, for a summariser that cannot read all of them. */
  readonly shorten: (messages: number) => Draft;
}

/** Whether a look at the log is worth its read: something may be done now. Costs no I/O. */
export function isNear(subject: Subject, settings: Settings): boolean {
  const sizes = measure(subject);
  const marks = toMarks(subject, settings);
  return findTrigger(subject, sizes, marks, settings) !== undefined || isAlmost(sizes, marks, settings);
}

/** `by`: `hand` compacts whatever there is; `turn` only what a trigger asks for. */
export async function makePlan(subject: Subject, settings: Settings, by: 'turn' | 'hand'): Promise<MadePlan> {
  const sizes = measure(subject);
  const bySize = toMarks(subject, settings);
  const recent = await lookAtLog(subject, settings);
  const found = findTrigger(subject, sizes, bySize, settings);
  const early = recent.cache === 'cold' && isAlmost(sizes, bySize, settings) ? 'cold-cache' : undefined;
  const trigger = found ?? early ?? (by === 'hand' ? 'hand' : undefined);
  const marks = marksFor(trigger ?? '', sizes, bySize, settings);
  const layout = toLayout(subject, await firstForeignSeq(subject));
  const cut = findCut(subject, settings, layout, sizes, marks);
  const draft = (at: number, clear: boolean, reasoning: boolean) =>
    toDraft(subject, settings, layout, sizes, marks, { cut: at, clear, reasoning });
  const ladder = distinct([
    draft(0, true, false),
    draft(0, true, settings.dropReasoning),
    draft(cut, false, false),
    draft(cut, true, settings.dropReasoning),
  ]).filter((one) => (one.covered.length > 0 ? isWorthASummary(one, subject) : one.clears));

  const rates = (subject.model && settings.rates(subject.model)) ?? usualRates;
  const priced = ladder.map((one) => ({
    draft: one,
    ...toEconomics(one, sizes, recent.cache, rates, toSummariser(subject, settings, one)),
  }));
  const held = trigger === undefined ? undefined : whyHeld(subject, recent, trigger, sizes, marks);
  const wanted = trigger !== undefined && held === undefined;
  const choice = wanted ? choose(priced, sizes, marks, settings, trigger) : undefined;
  return {
    plan: {
      tokens: sizes,
      threshold: marks.threshold,
      target: marks.target,
      limit: marks.limit,
      trigger,
      held,
      cache: { state: recent.cache, idleMs: recent.idleMs },
      candidates: priced.map((one) => toCandidate(one, sizes, marks, choice, wanted)),
    },
    chosen: choice?.draft,
    samePrefix: choice?.samePrefix ?? false,
    trigger: trigger ?? '',
    sizes,
    marks,
    clearing: ladder.findLast(({ covered }) => covered.length === 0),
    shorten: (messages) => {
      let left = messages;
      const groups = layout.groups.findIndex((group) => {
        left -= group.messages.length;
        return left < 0;
      });
      return draft(Math.max(1, Math.min(groups, cut)), false, false);
    },
  };
}

type Priced = Economics & { readonly draft: Draft };

/** The gentlest that reaches the target; where none does, the one that gains most. */
function choose(
  ladder: readonly Priced[],
  sizes: Measure,
  marks: Marks,
  settings: Settings,
  trigger: string,
): Priced | undefined {
  const least = trigger === 'overflow' || trigger === 'hand' ? 1 : Math.max(1, marks.minGain);
  const able = ladder.filter(({ draft }) => sizes.total - draft.tokens >= least);
  // By hand somebody wants the old part summarised, not only cleared.
  if (trigger === 'hand') return able.find(({ draft }) => draft.covered.length > 0) ?? able[0];
  const most = Math.min(...settings.triggers.flatMap(({ messages }) => messages ?? []));
  const reaches = ({ draft }: Priced) => draft.tokens <= marks.target && draft.messages < most;
  return able.find(reaches) ?? able.toSorted((a, b) => a.draft.tokens - b.draft.tokens)[0];
}

function toCandidate(
  { draft, cost, breakEvenCalls }: Priced,
  sizes: Measure,
  marks: Marks,
  choice: Priced | undefined,
  wanted: boolean,
): Candidate {
  const chosen = choice?.draft === draft;
  const gain = sizes.total - draft.tokens;
  return {
    action: draft.covered.length > 0 ? 'summary' : 'clear',
    clears: draft.clears,
    covers: draft.covered.length,
    replaces: draft.replaced.length,
    tokens: draft.tokens,
    gain,
    rewriteDepth: draft.rewrite,
    calls: draft.covered.length > 0 ? 1 : 0,
    cost,
    breakEvenCalls,
    headroom: marks.threshold - draft.tokens,
    chosen,
    why: whyChosen(draft, gain, marks, chosen, wanted, choice !== undefined),
  };
}

function whyChosen(
  draft: Draft,
  gain: number,
  marks: Marks,
  chosen: boolean,
  wanted: boolean,
  isAny: boolean,
): string {
  if (!wanted) return 'nothing has to be done now';
  const reaches = draft.tokens <= marks.target;
  if (chosen) return reaches ? 'the gentlest that reaches the target' : 'gains the most';
  if (gain < marks.minGain) return 'gains too little';
  if (!reaches) return 'does not reach the target';
  return isAny ? 'a gentler one is enough' : 'gains too little';
}

function whyHeld(
  { view, count }: Subject,
  recent: Recent,
  trigger: string,
  sizes: Measure,
  marks: Marks,
): CompactionPlan['held'] {
  if (recent.pending) return 'pending';
  if (recent.undoneAt === undefined || trigger === 'hand' || trigger === 'overflow') return undefined;
  const undoneAt = recent.undoneAt;
  const since = view.messages.filter((message) => view.ref(message).seq > undoneAt);
  // Who took a compaction back wants to see the originals, not the next compaction.
  return sum(since, count) + sizes.unstored < marks.minGain ? 'undone' : undefined;
}

function isAlmost(sizes: Measure, marks: Marks, { coldFraction }: Settings): boolean {
  const { threshold } = marks;
  return coldFraction < 1 && sizes.total - sizes.fixed >= coldFraction * (threshold - sizes.fixed);
}

/** Who would be asked, and what it would be given. */
export function summariserOf({ model }: Subject, { summaryModel }: Settings): ChatModel | undefined {
  return summaryModel === 'none' ? undefined : (summaryModel ?? model);
}

/** Of whoever is asked for summaries. */
export function summariserRates(subject: Subject, settings: Settings): TokenRates {
  const asked = summariserOf(subject, settings);
  return (asked && settings.rates(asked)) ?? usualRates;
}

function toSummariser(subject: Subject, settings: Settings, draft: Draft) {
  const asked = summariserOf(subject, settings);
  const { model, view } = subject;
  // The conversation as it stands shows a line in place of what was cleared.
  const replaced = settings.readCleared ? (view.current?.replace ?? {}) : {};
  return {
    rates: summariserRates(subject, settings),
    canShare:
      draft.covered.every(({ id }) => !Object.hasOwn(replaced, id)) &&
      asked !== undefined &&
      model !== undefined &&
      asked.provider === model.provider &&
      asked.modelId === model.modelId,
    coveredTokens: sum(draft.covered, subject.count),
  };
}

/** Where messages begin that belong to other agents, which a summary of this one's view would hide unseen. */
async function firstForeignSeq({ thread, view, agentId }: Subject): Promise<number> {
  if (agentId === undefined) return Number.POSITIVE_INFINITY;
  const whole = await thread.view();
  const own = new Set([...view.kept, ...view.messages].map(({ id }) => id));
  const foreign = whole.messages.find(
    (message) => !own.has(message.id) && message.agentId !== undefined && message.agentId !== agentId,
  );
  return foreign ? whole.ref(foreign).seq : Number.POSITIVE_INFINITY;
}

/** Something is hidden by it, and what stands in its place has room to say so. */
function isWorthASummary({ covered, keep, summaryTokens }: Draft, { view }: Subject): boolean {
  return covered.length > keep.length - view.kept.length && summaryTokens >= leastSummary;
}

function distinct(drafts: readonly Draft[]): Draft[] {
  const seen = new Set<string>();
  return drafts.filter((draft) => {
    const key = `${draft.covered.length}/${draft.replaced.join()}/${draft.tokens}`;
    return !seen.has(key) && seen.add(key);
  });
}
