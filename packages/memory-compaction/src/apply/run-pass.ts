import { PendingError } from '@loci/core';
import type { CompactionStep } from '../events.js';
import type { Settings } from '../options/settings.js';
import type { MadePlan } from '../plan/make-plan.js';
import type { Subject } from '../plan/subject.js';
import type { Breaker } from '../summarise/breaker.js';
import type { CompactionDetails, PassAction } from './details.js';
import { reasonOf } from './reason-of.js';
import { toShape } from './to-shape.js';
import { writeSummary } from './write-summary.js';

/** What came of a pass. Only `applied` changed anything. */
export type PassOutcome =
  | {
      readonly outcome: 'applied';
      /** Of the overlay: `undo` and `expand` take it. */
      readonly id: string;
      readonly action: PassAction;
      readonly details: CompactionDetails;
    }
  /** Nothing would have become smaller. */
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'skipped'; readonly reason: 'pending' | 'undone' | 'stale' | 'breaker' }
  | { readonly outcome: 'failed'; readonly error: unknown };

/**
 * Carries out a plan: summarises without holding anything, checks, and shapes the thread if nobody else did meanwhile.
 * Rejects only where the signal is aborted or the store fails.
 */
export async function runPass(
  subject: Subject,
  settings: Settings,
  made: MadePlan,
  breaker: Breaker,
): Promise<PassOutcome> {
  const emit = (step: CompactionStep) =>
    settings.emit({ at: settings.clock.now(), thread: subject.thread.key, ...step });
  const skip = (reason: 'pending' | 'undone' | 'stale' | 'breaker'): PassOutcome => {
    emit({ type: 'compaction-skipped', reason });
    return { outcome: 'skipped', reason };
  };
  const { chosen, plan, trigger } = made;
  if (plan.held) return skip(plan.held);
  if (!chosen) return { outcome: 'nothing' };
  emit({ type: 'compaction-started', trigger, tokens: made.sizes.total });
  const written = await writeSummary(subject, settings, made, chosen, breaker, (done, of) =>
    emit({ type: 'compaction-progress', done, of }),
  );
  if (written.outcome === 'breaker') return skip('breaker');
  if (written.outcome === 'failed') {
    emit({ type: 'compaction-failed', reason: reasonOf(written.error), error: written.error });
    return written;
  }
  const { draft, summary, details } = written;
  const id = settings.randomId();
  try {
    const result = await subject.thread.reshape(subject.view, toShape(subject, draft, summary, details), id);
    if (result === 'stale') return skip('stale');
  } catch (error) {
    if (!PendingError.isInstance(error)) throw error;
    return skip('pending');
  }
  const { action, tokens, calls } = details;
  emit({ type: 'compaction-finished', id, action, ...tokens, covered: details.covered.length, calls });
  return { outcome: 'applied', id, action, details };
}
