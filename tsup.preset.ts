import { readFileSync } from 'node:fs';
import type { Options } from 'tsup';

type Exports = Record<string, string | { readonly default: string }>;

/**
 * The build of every workspace, called from its folder. The entries are read from `exports` in its package.json:
 * `./dist/openai.js` is built from `src/openai.ts`. A program without exports names its entries.
 */
export function preset(programs: readonly string[] = []): Options {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports?: Exports };
  const targets = Object.values(manifest.exports ?? {}).map((target) =>
    typeof target === 'string' ? target : target.default,
  );
  const modules = targets
    .filter((path) => path.startsWith('./dist/'))
    .map((path) => path.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'));
  return {
    entry: [...modules, ...programs],
    outDir: 'dist',
    format: 'esm',
    target: 'es2023',
    tsconfig: '../../tsconfig.build.json',
    dts: modules.length > 0,
    sourcemap: true,
    splitting: true,
    // There is no `sqlite` without the prefix, and a bare `fs` hides that it is Node's.
    removeNodeProtocol: false,
    treeshake: true,
    clean: true,
    silent: true,
  };
}
