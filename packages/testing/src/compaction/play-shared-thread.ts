import { openThread, type Store } from '@loci/core';
import { pick } from '../conversations/pick.js';
import type { StartedProcess } from '../servers/start-process.js';
import { checkSharedThread } from './check-shared-thread.js';
import { type CrashPoint, crashPoints } from './thread-worker.js';

export interface SharedThreadOptions {
  readonly random: () => number;
  /** Starts a program that calls `runThreadWorker`. */
  readonly start: (role: 'append' | 'compact' | 'clear', name: string, stopAt?: CrashPoint) => StartedProcess;
  /** Of the same data as the processes'. */
  readonly store: Store;
  /** How often the process that compacts is killed: at each named point in turn, and at any moment. */
  readonly rounds: number;
  /** Called after each round. */
  readonly progress?: (round: number) => void;
  readonly signal?: AbortSignal;
}

export interface SharedThreadOutcome {
  /** In sentences; none where everything held. */
  readonly faults: readonly string[];
  readonly turns: number;
  readonly clears: number;
  readonly overlays: number;
}

/** Rounds on one thread, so that logs do not grow without end. */
const roundsPerThread = 10;
const appenders = ['a', 'b', 'c', 'd'];

/**
 * Four processes append turns, one compacts, one clears now and then, and one more compacts and is killed in every round:
 * before the summariser is asked, while it answers, before and after the overlay is appended, or at any moment. Then looks at
 * the whole log of each thread.
 */
export async function playSharedThread(options: SharedThreadOptions): Promise<SharedThreadOutcome> {
  const { random, start, store, rounds, progress, signal } = options;
  const steady = [
    ...appenders.map((name) => start('append', name)),
    start('compact', 'steady'),
    start('clear', 'clear'),
  ];
  const said = new Map<string, { turns: string[]; clears: string[] }>();
  const note = (line: string) => {
    const [what, name = '', id = ''] = line.split(' ');
    const of = said.get(name);
    if (what === 'turn') of?.turns.push(id);
    if (what === 'clear') of?.clears.push(id);
  };
  const listening = steady.map((child) => listen(child, note));
  const faults: string[] = [];
  let overlays = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      signal?.throwIfAborted();
      const name = `t${Math.floor((round - 1) / roundsPerThread)}`;
      if (!said.has(name)) {
        said.set(name, { turns: [], clears: [] });
        for (const child of steady) child.tell(name);
      }
      const point = round % 2 === 0 ? undefined : crashPoints[((round - 1) / 2) % crashPoints.length];
      const victim = start('compact', `victim-${round}`, point);
      victim.tell(name);
      if ((await victim.line()) !== 'ready') throw new Error('A process did not start.');
      if (point && (await victim.line()) !== `at ${point}`)
        faults.push(`round ${round}: it never got to ${point}`);
      if (!point) await new Promise((resolve) => setTimeout(resolve, random() * pick(random, [10, 80])));
      victim.kill();
      await victim.ended;
      progress?.(round);
    }
  } finally {
    for (const child of steady) child.kill();
    await Promise.all(listening);
  }
  for (const [name, acknowledged] of said) {
    const thread = openThread({ store, key: ['chat', name] });
    faults.push(...(await checkSharedThread(thread, acknowledged)).map((fault) => `${name}: ${fault}`));
    for await (const { kind } of thread.entries()) if (kind === 'overlay') overlays++;
  }
  const all = [...said.values()];
  return {
    faults,
    overlays,
    turns: all.reduce((sum, { turns }) => sum + turns.length, 0),
    clears: all.reduce((sum, { clears }) => sum + clears.length, 0),
  };
}

async function listen(child: StartedProcess, note: (line: string) => void): Promise<void> {
  for (let line = await child.line(); line !== undefined; line = await child.line()) note(line);
}
