import { parseArgs } from 'node:util';
import { toReport, toText } from './report.js';
import type { Suite } from './suite.js';

/** Where a run writes to. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `out` shows colours, and whether `err` can replace a line. */
  readonly color: boolean;
  readonly terminal: boolean;
}

/**
 * Runs one suite. Resolves the exit code: 0, 1 where a check does not hold or the suite fails, 2 where the command line
 * is at fault.
 */
export async function runCommandLine(
  args: readonly string[],
  suites: readonly Suite[],
  output: Output,
): Promise<number> {
  const parsed = parse(args, suites);
  if ('fault' in parsed) {
    output.err(`${parsed.fault}\nSee npm run bench -- --help.\n`);
    return 2;
  }
  if ('help' in parsed) {
    output.out(`${helpFor(suites)}\n`);
    return 0;
  }
  const { suite, json, data, peers } = parsed;
  const progress = (what: string) =>
    output.err(output.terminal ? `\r\x1b[K${suite.name}: ${what}` : `${what}\n`);
  try {
    const { rows, checks } = await suite.run({ data, peers, progress });
    if (output.terminal) output.err('\r\x1b[K');
    const report = toReport(suite.name, rows, checks);
    output.out(`${json ? JSON.stringify(report, null, 2) : toText(report, output.color)}\n`);
    return report.checks.every(({ holds }) => holds) ? 0 : 1;
  } catch (error) {
    output.err(
      `\n${suite.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
}

function parse(args: readonly string[], suites: readonly Suite[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        data: { type: 'string' },
        peers: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { help: true };
    const [name, ...more] = positionals;
    if (name === undefined) return { fault: 'Name a suite.' };
    if (more.length > 0) return { fault: 'Name one suite only.' };
    const suite = suites.find((candidate) => candidate.name === name);
    if (!suite) return { fault: `There is no suite called ${name}.` };
    return { suite, json: values.json ?? false, data: values.data, peers: values.peers ?? false };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function helpFor(suites: readonly Suite[]): string {
  return `npm run bench -- <suite> [--json] [--peers] [--data FILE]

Measures what Loci costs: medians of repeated, alternating runs. Exit code 1 where a check does not hold.

${suites.map(({ name, measures }) => `  ${name.padEnd(10)} ${measures}`).join('\n')}

  --json       one object: { suite, machine, rows, checks }
  --peers      installs named peers into node_modules/.cache/loci/peers and measures them in the same run
  --data FILE  tokens: counts this text instead of text made here
  --help       this text`;
}
