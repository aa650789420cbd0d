import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '@loci/testing/conversations';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeProof } from '../src/proof.js';
import { views } from '../src/suites/views.js';

const main = join(import.meta.dirname, '../dist/main.js');
const run = promisify(execFile);

describe('soak', () => {
  it('shows its suites, and refuses what it does not know', async () => {
    const { stdout } = await run(process.execPath, [main, '--help']);
    expect(stdout).toContain('sqlite');
    expect(stdout).toContain('200 rounds');
    for (const wrong of [['nothing'], ['views', '--seed', 'x'], ['--fast']]) {
      await expect(run(process.execPath, [main, ...wrong])).rejects.toMatchObject({ code: 2 });
    }
    // The largest seed that a run can choose for itself.
    await run(process.execPath, [main, '--help', '--seed', String(2 ** 31 - 1)]);
  }, 30_000);

  it('plays the same rounds for the same seed', async () => {
    const context = { rounds: 5, seed: 7, progress: () => {}, signal: new AbortController().signal };
    expect(await views.run(context)).toEqual(await views.run(context));
    const [a, b] = [createRandom(3), createRandom(3)];
    expect(Array.from({ length: 5 }, a)).toEqual(Array.from({ length: 5 }, b));
  });

  it('keeps the lines of suites that did not run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loci-proof-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'proof.md');
    const result = {
      suite: 'b',
      proves: 'B.',
      outcome: '2 things',
      seed: 1,
      rounds: 3,
      seconds: 4,
      day: '2026-01-01',
      machine: 'm',
    };
    writeProof(path, [result]);
    writeProof(path, [{ ...result, suite: 'a' }]);
    writeProof(path, [{ ...result, outcome: '3 things' }]);
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(lines).toEqual([expect.stringContaining('| `a` |'), expect.stringContaining('3 things in 4 s')]);
    expect(lines[1]).toContain('npm run soak -- b --seed 1 --rounds 3');
  });
});
