import { globSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { run } from './run.js';

export interface Weight {
  readonly packages: number;
  readonly megabytes: number;
  /** The code that an import runs, with everything it needs; what is loaded later, on first use, is not in it. */
  readonly 'bundle, kB brotli': number;
}

/** What an installation in `folder` takes. */
export async function weigh(folder: string, specifiers: readonly string[]): Promise<Weight> {
  const files = globSync('node_modules/**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + lstatSync(file).size, 0);
  const packages = files.filter((file) =>
    /node_modules\/(@[^/]+\/)?[^@/][^/]*\/package\.json$/.test(file),
  ).length;
  return {
    packages,
    megabytes: bytes / 1e6,
    'bundle, kB brotli': (await bundleSize(folder, specifiers)) / 1000,
  };
}

async function bundleSize(folder: string, specifiers: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: specifiers.map((name, index) => `export * as e${index} from '${name}';`).join('\n'),
      resolveDir: folder,
    },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: join(folder, 'bundle'),
    write: false,
    metafile: false,
    logLevel: 'silent',
    loader: { '.node': 'empty', '.wasm': 'empty' },
  });
  const byName = new Map(outputFiles.map((file) => [file.path.split('/').at(-1) as string, file.text]));
  const seen = new Set<string>();
  const queue = ['stdin.js'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = byName.get(name);
    if (seen.has(name) || text === undefined) continue;
    seen.add(name);
    // Imports that run at once; `import("…")` is for later.
    for (const [, chunk] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) queue.push(chunk as string);
  }
  return [...seen].reduce((sum, name) => sum + brotliCompressSync(byName.get(name) as string).length, 0);
}

/** A probe: milliseconds that importing all of these takes in a fresh process. */
export function importProbe(
  folder: string,
  name: string,
  specifiers: readonly string[],
): () => Promise<number> {
  const everything = join(folder, `${name}.all.mjs`);
  const program = join(folder, `${name}.import.mjs`);
  writeFileSync(everything, specifiers.map((specifier) => `import '${specifier}';\n`).join(''));
  writeFileSync(
    program,
    `const start = performance.now();\nawait import('./${name}.all.mjs');\nprocess.stdout.write(String(performance.now() - start));\nprocess.exit(0);\n`,
  );
  return async () => Number(await run(process.execPath, [program], folder));
}
