import type { Clock } from '@loci/core';

/** A clock that goes from event to event, in whole milliseconds as the machine's own; it begins at 0. */
export interface VirtualClock extends Clock {
  /**
   * Lets everything that is ready run, then goes to the next timer, and so on until `over`. Rejects where nothing is
   * left to wait for, after `maxSteps`, and with what a timer throws.
   */
  play(over: () => boolean, maxSteps: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly number: number;
  /** Absent when it was cancelled. */
  run: (() => void) | undefined;
}

// Taken at load, so that a test runner's fake timers do not stop the clock.
const nextMacrotask = setImmediate;

export function createVirtualClock(): VirtualClock {
  let now = 0;
  let numbers = 0;
  const heap: Timer[] = [];
  return Object.freeze({
    now: () => now,
    after(ms: number, run: () => void) {
      const timer: Timer = { at: now + Math.max(0, Math.ceil(ms)), number: numbers++, run };
      push(heap, timer);
      return () => {
        timer.run = undefined;
      };
    },
    async play(over: () => boolean, maxSteps: number) {
      for (let steps = 0; ; ) {
        await new Promise((resolve) => nextMacrotask(resolve));
        if (over()) return;
        const run = nextRun();
        if (!run) throw new Error('The simulation waits for nothing: something is open that no timer ends.');
        if (++steps > maxSteps) throw new Error(`The simulation is not over after ${maxSteps} steps.`);
        run();
      }
    },
  });

  function nextRun(): (() => void) | undefined {
    for (let next = pop(heap); next; next = pop(heap)) {
      if (!next.run) continue;
      now = next.at;
      return next.run;
    }
    return undefined;
  }
}

function isSooner(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}

/** A binary heap: the parent of `index` is at `(index - 1) / 2`. */
function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const up = (index - 1) >> 1;
    const parent = heap[up];
    if (!parent || isSooner(parent, timer)) break;
    heap[index] = parent;
    index = up;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): Timer | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    const sooner = left && right && isSooner(right, left) ? right : left;
    if (!sooner || isSooner(last, sooner)) break;
    heap[index] = sooner;
    index = 2 * index + (sooner === left ? 1 : 2);
  }
  heap[index] = last;
  return first;
}
