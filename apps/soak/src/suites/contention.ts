import { fileURLToPath } from 'node:url';
import { type StartedProcess, startProcess } from '@loci/testing/servers';
import { startBackend } from '../backends/start-backend.js';
import { kinds, openTarget, type Target } from '../backends/target.js';
import type { Suite } from '../suite.js';

const script = fileURLToPath(new URL('./children/updater.js', import.meta.url));

/** Processes that all want the same record at the same time. */
export const contention: Suite = {
  name: 'contention',
  proves: `On ${kinds.join(', ')}: 8 processes × the rounds count every increment once, 4 × 20 appends through \`update\` make 80, and of two writers with the same expected version exactly one wins.`,
  rounds: 1000,
  async run({ rounds, progress, signal }) {
    const counts = [];
    for (const [index, kind] of kinds.entries()) {
      const { target, remove } = await startBackend(kind);
      try {
        const { slowest, middle } = await increments(target, rounds, signal);
        await appends(target);
        await claims(target);
        counts.push({ what: `${kind} increments`, count: 8 * rounds });
        counts.push({
          what: `% of the median that the slowest took on ${kind}`,
          count: Math.round((100 * slowest) / middle),
        });
      } finally {
        await remove();
      }
      progress(Math.ceil((rounds * (index + 1)) / kinds.length));
    }
    return counts;
  },
};

/** Starts processes with the same task, lets them go at once, and resolves what they said. */
async function together(
  target: Target,
  task: string,
  processes: number,
  times: number,
  signal?: AbortSignal,
) {
  const children: StartedProcess[] = [];
  const stop = () => {
    for (const child of children) child.kill();
  };
  signal?.addEventListener('abort', stop);
  try {
    for (let index = 0; index < processes; index++)
      children.push(startProcess(script, [JSON.stringify(target), task, `process-${index}`, `${times}`]));
    for (const child of children)
      if ((await child.line()) !== 'ready') throw new Error(`a process of ${task} did not get ready`);
    for (const child of children) child.tell('go');
    const said = await Promise.all(children.map((child) => child.rest()));
    signal?.throwIfAborted();
    return said.map((lines) => {
      const last = lines.at(-1)?.split(' ') ?? [];
      if (last[0] !== 'done') throw new Error(`a process of ${task} did not finish`);
      return { lines, took: Number(last[1]) };
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

async function increments(target: Target, times: number, signal: AbortSignal) {
  const took = (await together(target, 'increment', 8, times, signal))
    .map((one) => one.took)
    .sort((a, b) => a - b);
  await expectValue(target, 'increments', (value) => value === 8 * times);
  return { slowest: took[7] ?? Number.NaN, middle: ((took[3] ?? 0) + (took[4] ?? 0)) / 2 };
}

async function appends(target: Target): Promise<void> {
  await together(target, 'push', 4, 20);
  await expectValue(
    target,
    'list',
    (value) => Array.isArray(value) && value.length === 80 && new Set(value).size === 80,
  );
}

async function claims(target: Target): Promise<void> {
  const said = await together(target, 'claim', 2, 50);
  const won = said.flatMap(({ lines }) => lines.filter((line) => line.startsWith('won ')));
  if (won.length !== 50 || new Set(won).size !== 50)
    throw new Error(`50 claims were won ${won.length} times`);
}

async function expectValue(target: Target, key: string, holds: (value: unknown) => boolean): Promise<void> {
  const store = openTarget(target);
  try {
    const record = (await store.documents.get([key]))?.value as { readonly value?: unknown } | undefined;
    if (!holds(record?.value)) throw new Error(`${target.kind}: ${key} is ${JSON.stringify(record?.value)}`);
  } finally {
    await store.close();
  }
}
