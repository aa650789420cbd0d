import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** What a release with one changeset alone would bump, by the real program on the real manifests. */
async function bumpsOf(name: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  folders.push(folder);
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: folder });
  await git('init', '-q', '-b', 'main');
  const files = ['package.json', '.changeset/config.json'];
  for await (const file of glob('{packages,apps}/*/package.json', { cwd: root })) files.push(file);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  await writeFile(join(folder, 'package-lock.json'), '{}');
  await git('add', '.');
  await git('commit', '-q', '-m', 'manifests');
  await writeFile(join(folder, '.changeset/one.md'), `---\n'${name}': minor\n---\n\nIt does more.\n`);
  await run(
    process.execPath,
    [join(root, 'node_modules/@changesets/cli/bin.js'), 'status', '--output', 'plan.json'],
    {
      cwd: folder,
    },
  );
  const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'));
  return plan.releases
    .filter(({ type }: { readonly type: string }) => type !== 'none')
    .map((release: { readonly name: string }) => release.name);
}

describe('a changeset', () => {
  it('for this package alone bumps this package and no other', async () => {
    expect(await bumpsOf('@loci/providers-mistral')).toEqual(['@loci/providers-mistral']);
  }, 20_000);

  it('for a package that this one depends on bumps both, so that the check above can fail', async () => {
    expect(await bumpsOf('@loci/core')).toEqual(
      expect.arrayContaining(['@loci/core', '@loci/providers-mistral']),
    );
  }, 20_000);
});
