import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const guides = globSync('docs/guides/write-a-*.md', { cwd: root }).sort();

/** The files that a guide tells its reader to write: each fence that names one. */
function filesOf(guide: string) {
  const fences = readFileSync(join(root, guide), 'utf8').matchAll(/^```(?:ts|js) (\S+)\n(.*?)^```$/gms);
  return [...fences].map(([, name = '', code = '']) => ({ name, code }));
}

it('there is a guide for each kind of plugin', () => {
  expect(guides.map((guide) => basename(guide, '.md'))).toEqual([
    'write-a-memory',
    'write-a-provider',
    'write-a-store',
  ]);
});

it.each(guides)(
  'what %s makes passes its kit with `node --test`, on what was built',
  {
    timeout: 30_000,
  },
  async (guide) => {
    // Outside of node_modules, where Node strips no types.
    const folder = mkdtempSync(join(tmpdir(), 'loci-guide-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const { name, code } of filesOf(guide)) writeFileSync(join(folder, name), code);
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
    const run = promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], {
      cwd: folder,
      env,
    });
    const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
    expect(stdout.split('\n').filter((line) => /^\s*not ok/.test(line))).toEqual([]);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(15);
  },
);
