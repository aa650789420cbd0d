import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Result {
  readonly suite: string;
  readonly proves: string;
  readonly outcome: string;
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
  /** For example `2026-11-21`. */
  readonly day: string;
  readonly machine: string;
}

const head = [
  '# Proof',
  '',
  'Written by `npm run soak`: the last run of each long proof. The replay command runs the same rounds again; where processes are killed, the seed fixes how long each one lives, and the operating system still has its say.',
  '',
  '| suite | proves | result | when, on | replay |',
  '|---|---|---|---|---|',
];

/** Puts the results into the page, one line a suite; lines of suites that did not run stay. */
export function writeProof(path: string, results: readonly Result[]): void {
  const lines = new Map(existsSync(path) ? readLines(readFileSync(path, 'utf8')) : []);
  for (const result of results) lines.set(result.suite, toLine(result));
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  writeFileSync(path, `${[...head, ...sorted].join('\n')}\n`);
}

function readLines(page: string): [string, string][] {
  return page.split('\n').flatMap((line): [string, string][] => {
    const suite = /^\| `([\w-]+)` \|/.exec(line)?.[1];
    return suite === undefined ? [] : [[suite, line]];
  });
}

function toLine({ suite, proves, outcome, seed, rounds, seconds, day, machine }: Result): string {
  const replay = `npm run soak -- ${suite} --seed ${seed} --rounds ${rounds}`;
  return `| \`${suite}\` | ${proves} | ${outcome} in ${Math.round(seconds)} s | ${day}, ${machine} | \`${replay}\` |`;
}
