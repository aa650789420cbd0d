import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './root.js';
import { run } from './run.js';

export interface Packed {
  readonly name: string;
  readonly tarball: string;
  /** What can be imported, for example `@loci/core/turn`. */
  readonly specifiers: readonly string[];
  /** Packages of ours that it needs. */
  readonly needs: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Builds and packs every package that goes to the registry, in a new folder below the system's temporary one. */
export async function packAll(): Promise<{ readonly folder: string; readonly packages: readonly Packed[] }> {
  await run(process.execPath, ['scripts/build.mjs', '--quiet'], root);
  const folder = mkdtempSync(join(tmpdir(), 'loci-packed-'));
  const manifests = globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({
      dir: dirname(path),
      manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true);
  const workspaces = manifests.map(({ dir }) => `--workspace=${dir}`);
  const printed = await run('npm', ['pack', '--json', `--pack-destination=${folder}`, ...workspaces], root);
  const files = Object.values(JSON.parse(printed) as Record<string, { name: string; filename: string }>);
  const packages = manifests.map(({ manifest: { name, exports = {}, dependencies = {} } }) => ({
    name,
    tarball: join(folder, files.find((file) => file.name === name)?.filename ?? ''),
    specifiers: Object.entries(exports)
      .filter(([, target]) => typeof target !== 'string' && target.default?.startsWith('./dist/'))
      .map(([subpath]) => name + subpath.slice(1)),
    needs: Object.keys(dependencies).filter((dependency) => dependency.startsWith('@loci/')),
  }));
  return { folder, packages };
}

/** Tarballs of a package and of all of ours that it needs in the end. */
export function tarballsOf(names: readonly string[], packages: readonly Packed[]): string[] {
  const wanted = new Set<Packed>();
  const add = (name: string) => {
    const found = packages.find((candidate) => candidate.name === name);
    if (!found || wanted.has(found)) return;
    wanted.add(found);
    found.needs.forEach(add);
  };
  names.forEach(add);
  return [...wanted].map(({ tarball }) => tarball).sort();
}
