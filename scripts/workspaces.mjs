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

/** Whether a package also runs in browsers, workers, Deno and Bun. */
export const isPortable = ({ dir, folder }) =>
  dir.startsWith('packages/') && /^(core|router|memory-.+)$/.test(folder);

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

/** True while a source is missing or exports nothing. */
export function isPlaceholder(source, base = root) {
  const path = join(base, source);
  return !existsSync(path) || readFileSync(path, 'utf8').trim() === 'export {};';
}

/** True while a workspace has nothing to show. */
export function isSkeleton(workspace, base = root) {
  const sources = [...entryPoints(workspace).map(({ source }) => source), join(workspace.dir, 'src/main.ts')];
  return sources.every((source) => isPlaceholder(source, base));
}
