import { diffJson } from '../value/diff-json.js';
import { runRecipe } from '../value/run-recipe.js';
import { sameJson } from '../value/same-json.js';
import type { Settings } from './memory-options.js';
import { type Plan, type Planner, toPlan } from './plan.js';
import type { MemoryRecord } from './record.js';
import { abortable } from './wait.js';

/** One of several updates that are stored with one write. */
interface Job {
  readonly recipe: (draft: never) => unknown;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (record: MemoryRecord) => void;
  readonly reject: (reason: unknown) => void;
}

/** Updates that wait to be stored together. */
export interface Batch {
  /** Resolves the record that is stored when the update is in it. */
  add(recipe: Job['recipe'], signal: AbortSignal | undefined, waitMs: number): Promise<MemoryRecord>;
  /** Begins to store what waits. */
  send(): void;
  isWaiting(): boolean;
}

/** @param write Stores what a planner makes, after everything that was asked for before. */
export function createBatch(settings: Settings, write: (plan: Planner) => Promise<MemoryRecord>): Batch {
  const { key, clock, onEvent } = settings;
  let jobs: Job[] = [];
  let due = Number.POSITIVE_INFINITY;
  let cancel = () => {};

  function send(): void {
    if (jobs.length === 0) return;
    const sent = jobs;
    cancel();
    jobs = [];
    due = Number.POSITIVE_INFINITY;
    void storeJobs(sent);
  }

  async function storeJobs(sent: readonly Job[]): Promise<void> {
    let failed = new Map<Job, unknown>();
    let isStored = false;
    const plan: Planner = async ({ record }) => {
      const before = isStored ? failed : undefined;
      failed = new Map();
      const next = await planJobs(settings, sent, record, failed, isStored);
      // Acknowledged already, as queued: nobody is left to reject.
      for (const [job, error] of before ? failed : [])
        if (!before?.has(job)) onEvent({ type: 'update-dropped', key, error });
      return next;
    };
    let settle: (job: Job) => void;
    try {
      const record = await write(plan);
      settle = (job) => job.resolve(record);
    } catch (error) {
      settle = (job) => job.reject(error);
    }
    isStored = true;
    for (const job of sent) {
      if (failed.has(job)) job.reject(failed.get(job));
      else settle(job);
    }
  }

  return {
    send,
    isWaiting: () => jobs.length > 0,
    add(recipe, signal, waitMs) {
      const { promise, resolve, reject } = Promise.withResolvers<MemoryRecord>();
      jobs.push({ recipe, signal, resolve, reject });
      const wanted = clock.now() + waitMs;
      if (wanted < due) {
        cancel();
        due = wanted;
        cancel = clock.after(waitMs, send);
      }
      return abortable(promise, signal);
    },
  };
}

/**
 * Runs one recipe on what the one before left; what one throws is noted, and the next goes on without it. What is
 * acknowledged already does not end any more with its signal.
 */
async function planJobs(
  settings: Settings,
  jobs: readonly Job[],
  before: MemoryRecord,
  failed: Map<Job, unknown>,
  isAcknowledged: boolean,
): Promise<Plan | undefined> {
  let last: Plan | undefined;
  let changes = 0;
  for (const job of jobs) {
    const signal = isAcknowledged ? undefined : job.signal;
    try {
      signal?.throwIfAborted();
      const { value } = last?.record ?? before;
      const proposal = await abortable(runRecipe(value, job.recipe), signal);
      const next = proposal && (await toPlan(settings, last?.record ?? before, proposal));
      if (!next?.isChange) continue;
      last = next;
      changes++;
    } catch (error) {
      failed.set(job, error);
    }
  }
  if (!last || sameJson(last.record.value, before.value)) return undefined;
  // What they made of each other does not matter: a thousand steps of a counter are one.
  const patch = changes > 1 ? diffJson(before.value, last.record.value) : last.patch;
  return { ...last, changes, patch };
}
