import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { type Result, writeProof } from './proof.js';
import type { Suite } from './suite.js';
import { aborts } from './suites/aborts.js';
import { compaction } from './suites/compaction.js';
import { compactionKills } from './suites/compaction-kills.js';
import { contention } from './suites/contention.js';
import { conversations } from './suites/conversations.js';
import { imports } from './suites/imports.js';
import { kills } from './suites/kills.js';
import { outages } from './suites/outages.js';
import { router } from './suites/router.js';
import { views } from './suites/views.js';

const suites: readonly Suite[] = [
  kills('sqlite', 200),
  kills('redis', 100),
  kills('postgres', 100),
  aborts,
  compaction,
  compactionKills('sqlite', 500),
  compactionKills('redis', 500),
  compactionKills('postgres', 500),
  contention,
  conversations,
  imports,
  outages,
  router,
  views,
];

const width = Math.max(...suites.map(({ name }) => name.length));

const help = `npm run soak [-- <suite>… [--seed N] [--rounds N]]

Runs the long proofs, all of them or the ones that are named, and writes docs/proof.md.

${suites.map(({ name, rounds, proves }) => `  ${name.padEnd(width)} ${String(rounds).padStart(5)} rounds  ${proves}`).join('\n')}

  --seed N     repeats a run (default: a new one, which is printed)
  --rounds N   fewer or more rounds than the full proof; the page says so
  --help       this text`;

process.exitCode = await main();

async function main(): Promise<number> {
  const parsed = parse();
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\nSee npm run soak -- --help.\n`);
    return 2;
  }
  if (parsed.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('stopped by Ctrl-C')));
  const results: Result[] = [];
  let failed = false;
  for (const suite of parsed.chosen) {
    const result = await runSuite(suite, parsed, controller.signal);
    if (result) results.push(result);
    failed ||= result === undefined;
    if (controller.signal.aborted) break;
  }
  // Only what held is a proof; a failure is printed with its seed.
  writeProof(join(import.meta.dirname, '../../../docs/proof.md'), results);
  return failed ? 1 : 0;
}

async function runSuite(
  suite: Suite,
  { seed, rounds = suite.rounds }: { seed: number; rounds?: number | undefined },
  signal: AbortSignal,
): Promise<Result | undefined> {
  const { name, proves } = suite;
  process.stdout.write(`${name}: ${rounds} rounds, seed ${seed}\n`);
  const start = performance.now();
  try {
    const counts = await suite.run({
      rounds,
      seed,
      signal,
      progress: (round) => showProgress(name, round, rounds),
    });
    const seconds = (performance.now() - start) / 1000;
    const outcome = counts.map(({ what, count }) => `${count.toLocaleString('en')} ${what}`).join(', ');
    process.stdout.write(`${name}: holds; ${outcome}; ${seconds.toFixed(1)} s\n`);
    const day = new Date().toISOString().slice(0, 10);
    return {
      suite: name,
      proves,
      outcome,
      seed,
      rounds,
      seconds,
      day,
      machine: `Node ${process.versions.node}, ${availableParallelism()} cores`,
    };
  } catch (error) {
    process.stdout.write(`${name}: FAILS: ${inspect(error)}\n`);
    process.stdout.write(`replay: npm run soak -- ${name} --seed ${seed} --rounds ${rounds}\n`);
    return undefined;
  }
}

function showProgress(name: string, round: number, rounds: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(round === rounds ? '\r\x1b[K' : `\r${name}: ${round}/${rounds}`);
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const unknown = positionals.find((name) => !suites.some((suite) => suite.name === name));
    if (unknown !== undefined) return `There is no suite called ${unknown}.`;
    const [seed, rounds] = [toCount(values.seed), toCount(values.rounds)];
    if (seed === null || rounds === null) return '--seed and --rounds take a whole number from 0.';
    const chosen = suites.filter((suite) => positionals.length === 0 || positionals.includes(suite.name));
    return { help: values.help ?? false, chosen, seed: seed ?? randomInt(2 ** 31), rounds };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Undefined where the option is absent, null where it is no whole number. */
function toCount(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
