import type { StartedProcess } from '@loci/testing/servers';
import { describe, expect, it } from 'vitest';
import { steps } from '../src/steps.js';
import { checkAfterCrash } from './check-after-crash.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';

const seed = Number(process.env.LOCI_SEED ?? Date.now() % 100_000);

/** How often a step is passed before the process dies there: the first time, and some time in the middle of the work. */
const passes: readonly number[] = [1, 2 + (seed % 7)];

async function acknowledged(child: StartedProcess): Promise<readonly string[]> {
  const lines = await child.rest();
  expect((await child.ended).signal).toBe('SIGKILL');
  return lines;
}

describe(`a process that is killed (LOCI_SEED=${seed})`, () => {
  for (const step of steps) {
    it.each(passes)(`at “${step}”, pass %i, leaves every acknowledged write and no half one`, async (nth) => {
      const path = temporaryFile();
      const child = startChild('crash.mjs', path, step, String(nth));
      await checkAfterCrash(path, await acknowledged(child));
    });
  }

  it.each([1, 2, 3, 4, 5])(
    'at some moment, %i, leaves every acknowledged write and no half one',
    async (nth) => {
      const path = temporaryFile();
      const child = startChild('crash.mjs', path, 'never', '0');
      const lines: string[] = [];
      const enough = 1 + ((seed * 31 + nth * 17) % 60);
      while (lines.length < enough) lines.push((await child.line()) ?? 'ended too early');
      child.kill();
      lines.push(...(await acknowledged(child)));
      await checkAfterCrash(path, lines);
    },
  );
});
