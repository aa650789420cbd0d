import { type Clock, systemClock } from '@loci/core';

/** How many times faster time passes for the router and its models than for the machine. */
const speed = 10;

/** The machine's clock, at `speed`: real sockets, and a minute in six seconds. */
export function createFastClock(): Clock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * speed,
    after: (ms, run) => systemClock.after(ms / speed, run),
  };
}

/** Waits this many milliseconds of a fast clock. */
export function pass(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
