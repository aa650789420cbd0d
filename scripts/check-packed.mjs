// What a user gets: each package is packed and installed alone into an empty folder, where plain Node imports every
// export of it and TypeScript reads its types, those of its dependencies included.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from './build.mjs';
import { entryPoints, isPlaceholder, isPortable, publishable, root } from './workspaces.mjs';

const run = promisify(execFile);
const packages = publishable();

/** The package and those of ours that it needs, in the end. */
function closure(workspace) {
  const direct = packages.filter(({ name }) => workspace.manifest.dependencies?.[name] !== undefined);
  return [...new Set([workspace, ...direct.flatMap(closure)])];
}

async function packAll(folder) {
  mkdirSync(folder);
  const only = packages.map(({ dir }) => `--workspace=${dir}`);
  const { stdout } = await run('npm', ['pack', '--json', `--pack-destination=${folder}`, ...only], {
    cwd: root,
  });
  const packed = Object.values(JSON.parse(stdout));
  return new Map(
    packed.map(({ name, filename, files }) => [name, { tarball: join(folder, filename), files }]),
  );
}

function checkFiles(workspace, files) {
  const paths = files.map(({ path }) => path);
  const missing = [
    'README.md',
    'LICENSE',
    'package.json',
    ...entryPoints(workspace).map(({ built }) => built),
  ]
    .map((path) => path.replace(`${workspace.dir}/`, ''))
    .filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`The tarball has no ${missing.join(', ')}.`);
}

/** Works like a user in an empty folder; throws with what went wrong. */
async function tryAlone(workspace, tarballs, folder) {
  checkFiles(workspace, tarballs.get(workspace.name).files);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const sources = closure(workspace).map(({ name }) => tarballs.get(name).tarball);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...sources], { cwd: folder });

  const consumer = entryPoints(workspace).flatMap(({ specifier, source }, index) => [
    `import * as entry${index} from '${specifier}';`,
    `const names${index}: string[] = Object.keys(entry${index});`,
    `if (names${index}.length < ${isPlaceholder(source) ? 0 : 1}) throw new Error('${specifier} exports nothing.');`,
  ]);
  writeFileSync(join(folder, 'consumer.ts'), `${consumer.join('\n')}\n`);
  await run(process.execPath, ['consumer.ts'], { cwd: folder });

  const compilerOptions = {
    target: 'es2023',
    lib: ['es2024', 'dom'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: isPortable(workspace) ? [] : ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: folder });
}

const status = build({ quiet: true });
if (status !== 0) process.exit(status);
const scratch = mkdtempSync(join(tmpdir(), 'loci-packed-'));
try {
  const tarballs = await packAll(join(scratch, 'tarballs'));
  await Promise.all(
    packages.map(async (workspace) => {
      await tryAlone(workspace, tarballs, join(scratch, workspace.folder)).catch((error) => {
        console.error(`${workspace.name}: ${error.message}\n${error.stdout ?? ''}`);
        process.exitCode = 1;
      });
    }),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
