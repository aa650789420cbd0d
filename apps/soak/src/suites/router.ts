import { measureHeap } from '../router/memory.js';
import { playRandomFaults } from '../router/random-faults.js';
import type { Suite } from '../suite.js';

/** Requests of one simulation. */
const requests = 250;
/** Of a full run: a million. */
const callsPerRound = 25_000;
/** Heap at the end, of the heap when a tenth of the calls were made. */
const growth = 1.1;

/** Random faults in simulations, each played twice, and then very many calls on one router. */
export const router: Suite = {
  name: 'router',
  proves:
    'Under random faults a router decides the same twice, ends each request once and asks nobody after the deadline, the abort or the end; and its memory stays flat over many calls.',
  rounds: 40,
  async run({ rounds, seed, progress, signal }) {
    let attempts = 0;
    let decisions = 0;
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted();
      const played = await playRandomFaults(seed + round, requests);
      attempts += played.attempts;
      decisions += played.decisions;
      progress(round);
    }
    const calls = rounds * callsPerRound;
    const { early, late } = await measureHeap(calls, signal);
    if (late > early * growth)
      throw new Error(
        `The heap grew from ${early} to ${late} bytes between a tenth and all of ${calls} calls.`,
      );
    return [
      { what: 'simulated requests, each played twice', count: rounds * requests },
      { what: 'attempts', count: attempts },
      { what: 'decisions, the same both times', count: decisions },
      { what: 'calls of one router', count: calls },
      { what: '% of the heap after a tenth of them at their end', count: Math.round((100 * late) / early) },
    ];
  },
};
