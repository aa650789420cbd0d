import type { Memory, Message, Thread } from '@loci/core';
import { CompactionError } from './apply/compaction-error.js';
import { type PassOutcome, runPass } from './apply/run-pass.js';
import type { CompactionOptions } from './options/options.js';
import { toSettings } from './options/settings.js';
import { costOf } from './plan/economics.js';
import { isNear, makePlan, summariserRates } from './plan/make-plan.js';
import { measure, toMarks } from './plan/measure.js';
import type { CompactionPlan } from './plan/plan.js';
import { fromThread, fromTurn, type Outlook } from './plan/subject.js';
import { type CompactionStatistics, statistics } from './statistics/statistics.js';
import { createBreaker } from './summarise/breaker.js';

/** What `compact` did. */
export type CompactionResult = Extract<PassOutcome, { readonly outcome: 'applied' | 'nothing' }>;

/** A history memory that keeps a thread within the window. One object serves any number of threads. */
export interface Compaction extends Memory {
  /** Of its summaries, and of what `chatWithMemory` stores and shares. */
  readonly tags: readonly string[];
  /** What it would do now, what that would cost and gain, and why. Changes nothing. */
  plan(thread: Thread, outlook?: Outlook): Promise<CompactionPlan>;
  /**
   * Summarises now all but the newest messages, whatever the triggers say. `nothing` where that would gain nothing.
   * Rejects with `CompactionError` where the summariser fails, somebody else shaped the thread meanwhile, or the store
   * only queues: the view is then as it was.
   */
  compact(thread: Thread, outlook?: Outlook): Promise<CompactionResult>;
  /** Counts, sizes and costs; those of the past from the log, so that every process gets the same. */
  statistics(thread: Thread, outlook?: Outlook): Promise<ThreadStatistics>;
}

/** What a thread is now, and how it came to that. */
export interface ThreadStatistics extends CompactionStatistics {
  /** Messages that a model sees now, without the summary. */
  readonly currentMessages: readonly Message[];
  /** Of the prompt now. */
  readonly tokens: number;
  /** Tokens from which on it compacts; infinite where nothing bounds it. */
  readonly threshold: number;
  /** Of all summariser calls, in the unit of the rates; `null` where a vendor did not say what it used. */
  readonly cost: number | null;
}

/** How often one turn compacts, at most, where one pass does not make the prompt fit. */
const mostPasses = 3;

/**
 * Keeps long conversations within the window: clears old tool results, drops old reasoning, and keeps one structured
 * summary up to date. The originals stay in the thread: `expand` reads them, `undo` brings them back. Never fails a turn.
 * Throws `InvalidInputError` for options that cannot be used.
 *
 * @example
 * const chat = withMemory(openai('gpt-5.4'), { thread, memory: [compaction({ summaryModel: openai('gpt-5.4-mini') })] });
 */
export function compaction(options: CompactionOptions = {}): Compaction {
  const settings = toSettings(options);
  const breaker = createBreaker(settings.breaker, settings.clock, (openUntil) => {
    settings.emit({
      at: settings.clock.now(),
      thread: [],
      ...(openUntil === undefined
        ? { type: 'breaker-closed' as const }
        : { type: 'breaker-opened' as const, until: openUntil }),
    });
  });

  return Object.freeze<Compaction>({
    name: 'compaction',
    writes: ['history'],
    tags: settings.tags,
    async prepare(input, view, context) {
      if (!settings.enabled) return {};
      let subject = fromTurn(input, view, context);
      for (let pass = 0; pass < mostPasses && isNear(subject, settings); pass++) {
        const made = await makePlan(subject, settings, 'turn');
        const { outcome } = await runPass(subject, settings, made, breaker);
        if (outcome !== 'applied') break;
        // Of the turn's messages, those that were stored may be covered by now.
        subject = fromTurn(subject.unstored, await context.view(), context);
        // Only where it does not fit yet: one pass rewrites the prompt once.
        if (measure(subject).total <= made.marks.limit) break;
      }
      return {};
    },
    observe: () => Promise.resolve(),
    async plan(thread, outlook = {}) {
      const subject = await fromThread(thread, outlook, settings);
      return (await makePlan(subject, settings, 'turn')).plan;
    },
    async compact(thread, outlook = {}) {
      const subject = await fromThread(thread, outlook, settings);
      const made = await makePlan(subject, settings, 'hand');
      const pass = await runPass(subject, settings, made, breaker);
      if (pass.outcome === 'applied' || pass.outcome === 'nothing') return pass;
      if (pass.outcome === 'failed') throw new CompactionError('summariser', thread.key, pass.error);
      const { reason } = pass;
      throw new CompactionError(
        reason === 'stale' || reason === 'pending' ? reason : 'summariser',
        thread.key,
      );
    },
    async statistics(thread, outlook = {}) {
      const subject = await fromThread(thread, outlook, settings);
      const { view } = subject;
      const past = await statistics(thread);
      return {
        ...past,
        currentMessages: [...view.kept, ...view.messages],
        tokens: measure(subject).total,
        threshold: toMarks(subject, settings).threshold,
        cost: past.usage && costOf(past.usage, summariserRates(subject, settings)),
      };
    },
  });
}
