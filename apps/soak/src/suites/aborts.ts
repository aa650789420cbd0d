import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Clock, createMessage, ModelError, systemClock } from '@loci/core';
import { createRandom } from '@loci/testing/conversations';
import { type Dialect, phases, startDialects } from '../aborts/dialects.js';
import type { Suite } from '../suite.js';

/** Calls that are stopped at any moment, in one of the ways in which a caller may stop one. */
export const aborts: Suite = {
  name: 'aborts',
  proves:
    'A call that is stopped at any moment ends as `aborted` with the reason of its caller, on all four dialects over the real SDKs, also behind a garbage collection, and leaves no request, timer, listener or socket.',
  rounds: 1000,
  async run({ rounds, seed, progress, signal }) {
    const collect = exposeCollection();
    const random = createRandom(seed);
    const clock = countingClock();
    const dialects = await startDialects(clock);
    const counts = { aborted: 0, left: 0, finished: 0 };
    try {
      // The first call of each loads its SDK, which no abort could interrupt.
      for (const { model } of dialects) await model.generate(question);
      for (let round = 1; round <= rounds; round++) {
        signal.throwIfAborted();
        for (const dialect of dialects) {
          const outcome = await stopOne(dialect, random, clock, collect);
          if (typeof outcome !== 'string')
            throw new Error(`round ${round}, ${dialect.name}`, { cause: outcome });
          counts[outcome]++;
        }
        progress(round);
      }
    } finally {
      await Promise.all(dialects.map((dialect) => dialect.close()));
    }
    await until(
      () => activeSockets() === 0,
      () => `${activeSockets()} sockets are left`,
    );
    if (counts.aborted < rounds * 2) throw new Error(`only ${counts.aborted} calls were aborted`);
    return [
      { what: 'calls aborted', count: counts.aborted },
      { what: 'streams left by their reader', count: counts.left },
      { what: 'calls that were complete before', count: counts.finished },
    ];
  },
};

const question = { messages: [createMessage({ role: 'user', content: 'Go on.' })] };

type Outcome = 'aborted' | 'left' | 'finished' | { readonly fault: unknown };

async function stopOne(
  dialect: Dialect,
  random: () => number,
  clock: CountingClock,
  collect: () => void,
): Promise<Outcome> {
  const phase = phases[Math.floor(random() * phases.length)] ?? 'none';
  const wait = random() < 0.3 ? 0 : random() * 12;
  const leavesAfter = random() < 0.15 ? Math.floor(random() * 10) : Number.POSITIVE_INFINITY;
  const collects = random() < 0.1;
  const before = dialect.requests.length;
  dialect.hold(phase);

  const controller = new AbortController();
  const reason = new Error('enough');
  const call = read(dialect, controller.signal, leavesAfter);
  const stop = sleep(wait).then(() => {
    if (collects) collect();
    controller.abort(reason);
  });
  const [ended] = await Promise.all([call, stop]);
  const outcome = judge(ended, reason);
  if (typeof outcome !== 'string') return outcome;

  const listeners = getEventListeners(controller.signal, 'abort').length;
  if (listeners > 0) return { fault: `${listeners} listeners are left` };
  if (clock.pending() > 0) return { fault: `${clock.pending()} timers are left` };
  for (const request of dialect.requests.slice(before)) await request.closedByClient;
  await until(
    () => dialect.open() === 0,
    () => `${dialect.open()} requests of ${dialect.name} are left open`,
  );
  return outcome;
}

async function read({ model }: Dialect, signal: AbortSignal, leavesAfter: number): Promise<unknown> {
  let events = 0;
  try {
    for await (const event of model.stream(question, { signal })) {
      if (event.type === 'finish') return 'finished';
      if (events++ >= leavesAfter) return 'left';
    }
    return new Error('The stream ended without `finish`.');
  } catch (error) {
    return error;
  }
}

function judge(ended: unknown, reason: Error): Outcome {
  if (ended === 'finished' || ended === 'left') return ended;
  const isRight =
    ModelError.isInstance(ended) &&
    ended.kind === 'aborted' &&
    ended.scope === 'request' &&
    ended.retry === 'none' &&
    ended.cause === reason;
  return isRight ? 'aborted' : { fault: ended };
}

interface CountingClock extends Clock {
  pending(): number;
}

/** The machine's clock, which knows what is still to come. */
function countingClock(): CountingClock {
  const running = new Set<object>();
  return {
    now: systemClock.now,
    after(ms, run) {
      const timer = {};
      running.add(timer);
      const cancel = systemClock.after(ms, () => {
        running.delete(timer);
        run();
      });
      return () => {
        running.delete(timer);
        cancel();
      };
    },
    pending: () => running.size,
  };
}

/** Waits for what only the network can say: at most five seconds. */
async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 500) throw new Error(otherwise());
    await sleep(10);
  }
}

function activeSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

function exposeCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
