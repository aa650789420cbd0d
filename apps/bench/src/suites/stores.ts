import { fileURLToPath } from 'node:url';
import type { Store } from '@loci/core';
import { type StartedProcess, startProcess } from '@loci/testing/servers';
import { alternate, median, medianRatio, type Probe } from '../measure.js';
import { startTarget } from '../stores/start-target.js';
import { openTarget, type Target } from '../stores/target.js';
import { body } from '../stores/work.js';
import type { Check, Row, Suite } from '../suite.js';

const script = fileURLToPath(new URL('./children/store-writer.js', import.meta.url));
const kinds: readonly Target['kind'][] = ['sqlite', 'redis', 'postgres'];
const writers = [1, 4, 8] as const;
const rounds = 9;
/** Of each writer in one round. */
const operations = 150;
const [short, long] = [1000, 100_000] as const;

export const stores: Suite = {
  name: 'stores',
  measures: 'appends and updates of 1, 4 and 8 processes, beside the bare driver doing the same durable work',
  async run({ progress }) {
    const rows: Row[] = [];
    const checks: Check[] = [];
    for (const kind of kinds) {
      const { target, durability, remove } = await startTarget(kind);
      try {
        for (const measured of [
          await measureWriters(target, durability, progress),
          await measureLength(target, progress),
        ]) {
          rows.push(...measured.rows);
          checks.push(...measured.checks);
        }
      } finally {
        await remove();
      }
    }
    return { rows, checks };
  },
};

interface Measured {
  readonly rows: readonly Row[];
  readonly checks: readonly Check[];
}

/** `recipe` is an update through `memory-typed`, which also reads, checks and patches; its cost is shown and not limited. */
const compared = [
  { what: 'append', ours: 'loci-append', bare: 'raw-append', limited: true },
  { what: 'update', ours: 'loci-update', bare: 'raw-update', limited: true },
  { what: 'update of memory-typed', ours: 'loci-recipe', bare: 'raw-update', limited: false },
] as const;

async function measureWriters(
  target: Target,
  durability: string,
  progress: (what: string) => void,
): Promise<Measured> {
  const most = Math.max(...writers);
  const children = Array.from({ length: most }, (_, index) =>
    startProcess(script, [JSON.stringify(target), `writer-${index}`]),
  );
  const rows: Row[] = [];
  const checks: Check[] = [];
  try {
    for (const child of children)
      if ((await child.line()) !== 'ready') throw new Error(`A writer on ${target.kind} did not start.`);
    for (const { what, ours, bare, limited } of compared) {
      for (const count of writers) {
        progress(`${target.kind}: ${count} × ${what}`);
        const group = children.slice(0, count);
        const longest = async (task: string) => Math.max(...(await work(group, task)));
        const taken = await alternate({ loci: () => longest(ours), raw: () => longest(bare) }, rounds);
        const perSecond = (ms: readonly number[]) => Math.round((1000 * count * operations) / median(ms));
        const cost = medianRatio(taken.loci, taken.raw);
        rows.push({
          table: 'operations of several processes, beside the bare driver doing the same durable work',
          store: target.kind,
          survives: durability,
          operation: what,
          writers: count,
          'per second': perSecond(taken.loci),
          'bare driver': perSecond(taken.raw),
          'times its cost': cost,
        });
        if (limited)
          checks.push({
            id: `stores/${target.kind}/${what}/${count}`,
            value: cost,
            limit: 2,
            unit: 'times the cost of the bare driver',
          });
      }
    }
    progress(`${target.kind}: ${most} updaters of one record`);
    const contended = await measureContention(target, children);
    return { rows: [...rows, ...contended.rows], checks: [...checks, ...contended.checks] };
  } finally {
    for (const child of children) child.kill();
  }
}

/** Milliseconds that each of them took. */
async function work(children: readonly StartedProcess[], task: string): Promise<number[]> {
  for (const child of children) child.tell(`${task} ${operations}`);
  return Promise.all(
    children.map(async (child) => {
      const said = await child.line();
      if (said === undefined) throw new Error(`A writer ended in ${task}.`);
      return Number(said);
    }),
  );
}

/** How much longer than the one in the middle the slowest takes where all update the same record. */
async function measureContention(target: Target, children: readonly StartedProcess[]): Promise<Measured> {
  const spreads: number[] = [];
  const middles: number[] = [];
  for (let round = 0; round < 5; round++) {
    const taken = await work(children, 'loci-contend');
    middles.push(median(taken));
    spreads.push(Math.max(...taken) / median(taken));
  }
  const slowest = median(spreads);
  return {
    rows: [
      {
        table: 'many updaters of one record',
        store: target.kind,
        updaters: children.length,
        'median ms of one update': median(middles) / operations,
        'slowest updater, times the median': slowest,
      },
    ],
    checks: [
      {
        id: `stores/${target.kind}/contention`,
        value: slowest,
        limit: 3,
        unit: 'times the median, the slowest of the updaters',
      },
    ],
  };
}

/** What an append costs on a short and on a long log. */
async function measureLength(target: Target, progress: (what: string) => void): Promise<Measured> {
  const store = openTarget(target);
  try {
    for (const length of [short, long]) {
      progress(`${target.kind}: a log of ${length.toLocaleString('en')} entries`);
      await fill(store, length);
    }
    let count = 0;
    const probe =
      (length: number): Probe =>
      async () => {
        const started = performance.now();
        for (let step = 0; step < 50; step++)
          await store.logs.append(['length', `${length}`], [{ id: `more-${count++}`, body }]);
        return (performance.now() - started) / 50;
      };
    const taken = await alternate({ [short]: probe(short), [long]: probe(long) }, 40);
    const [atShort, atLong] = [taken[short] ?? [], taken[long] ?? []];
    return {
      rows: [short, long].map((length) => ({
        table: 'an append to a log of so many entries',
        store: target.kind,
        entries: length,
        ms: median(taken[length] ?? []),
      })),
      checks: [
        {
          id: `stores/${target.kind}/length`,
          value: medianRatio(atLong, atShort),
          limit: 1.3,
          unit: `of what it is at ${short.toLocaleString('en')} entries`,
        },
      ],
    };
  } finally {
    await store.close();
  }
}

async function fill(store: Store, length: number): Promise<void> {
  for (let from = 0; from < length; from += 500) {
    const entries = Array.from({ length: 500 }, (_, index) => ({ id: `e${from + index}`, body }));
    await store.logs.append(['length', `${length}`], entries);
  }
}
