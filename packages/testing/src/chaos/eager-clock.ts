import type { Clock } from '@loci/core';

const nextMacrotask = setImmediate;

/** A clock of its own time that never waits: as soon as nothing else can run, it is the moment of the next timer. */
export function createEagerClock(): Clock {
  let now = 0;
  let scheduled = false;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();

  function schedule(): void {
    if (scheduled || timers.size === 0) return;
    scheduled = true;
    nextMacrotask(() => {
      scheduled = false;
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (next) {
        timers.delete(next);
        now = next.at;
        next.run();
      }
      schedule();
    });
  }

  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      schedule();
      return () => void timers.delete(timer);
    },
  };
}
