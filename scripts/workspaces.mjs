import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages and apps below `base`: `{ dir, folder, name, manifest }`, in the order of their folders. */
export function workspaces(base = root) {
  return ['packages', 'apps']
    .flatMap((group) => globSync(`${group}/*/package.json`, { cwd: base }).sort())
    .map((path) => {
      const dir = dirname(path).replaceAll('\\', '/');
      const manifest = JSON.parse(readFileSync(join(base, path), 'utf8'));
      return { dir, folder: basename(dir), name: manifest.name, manifest };
    });
}

/** The workspaces that go to the registry. */
export const publishable = (base = root) => workspaces(base).filter(({ manifest }) => !manifest.private);

/** What can be imported from a workspace: `{ specifier, source, built }`, the paths from the root. */
export function entryPoints({ dir, name, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.default?.startsWith('./dist/'))
    .map(([subpath, target]) => ({
      specifier: name + subpath.slice(1),
      source: join(dir, target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
      built: join(dir, target.default),
    }));
}

/** True while a package has nothing to show: its sources are missing or export nothing. */
export function isSkeleton({ dir }, base = root) {
  const index = join(base, dir, 'src/index.ts');
  return !existsSync(index) || readFileSync(index, 'utf8').trim() === 'export {};';
}
