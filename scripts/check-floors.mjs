// Imports only point down: core imports nothing of ours, floor 1 only core, floor 2 floors 1 and 0, apps anything.
// Tests may import what they like except in core, which knows nobody. Packages that also run in browsers, workers,
// Deno and Bun import nothing from Node.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { isPortable, root, workspaces } from './workspaces.mjs';

// The router uses `prices`: money is exact in one way only.
const upper = ['router', 'agent', 'inspector', 'gateway', 'mcp'];
const test = /\.(test|test-d)\.ts$|\/(test|__fixtures__)\//;

/** Sentences that begin with `file:line`; none when every import points down. */
export function checkFloors(base = root) {
  const all = workspaces(base);
  return all.flatMap((workspace) => [
    ...checkManifest(workspace, all),
    ...checkSources(workspace, all, base),
  ]);
}

function floorOf({ dir, folder }) {
  if (dir.startsWith('apps/')) return 3;
  if (folder === 'core') return 0;
  return upper.includes(folder) ? 2 : 1;
}

/** Why `workspace` may not use the package `name`, or undefined where it may. */
function whyNot(workspace, name, all) {
  const target = all.find((other) => other.name === name);
  if (!target) return `imports ${name}, which is not in this repository`;
  const [own, below] = [floorOf(workspace), floorOf(target)];
  if (own === 3 || below < own) return undefined;
  return `is on floor ${own} and may not use ${name} on floor ${below}`;
}

function checkManifest(workspace, all) {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = workspace.manifest;
  const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  if (workspace.folder === 'core') names.push(...Object.keys(devDependencies ?? {}));
  return names
    .filter((name) => name.startsWith('@loci/'))
    .map((name) => whyNot(workspace, name, all))
    .filter((reason) => reason !== undefined)
    .map((reason) => `${workspace.dir}/package.json:1 ${workspace.folder} ${reason}`);
}

function checkSources(workspace, all, base) {
  const problems = [];
  const files = globSync(`${workspace.dir}/{src,test}/**/*.ts`, { cwd: base }).sort();
  for (const file of files) {
    const text = readFileSync(join(base, file), 'utf8');
    for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
      const reason = checkImport(workspace, all, base, file, fileName);
      if (reason)
        problems.push(`${file}:${text.slice(0, pos).split('\n').length} ${workspace.folder} ${reason}`);
    }
  }
  if (files.length > 0 && isPortable(workspace) && !usesPortableTypes(workspace, base)) {
    problems.push(`${workspace.dir}/tsconfig.json:1 ${workspace.folder} must extend tsconfig.portable.json`);
  }
  return problems;
}

function checkImport(workspace, all, base, file, specifier) {
  if (specifier.startsWith('.')) {
    const inside = !relative(join(base, workspace.dir), resolve(base, file, '..', specifier)).startsWith(
      '..',
    );
    return inside ? undefined : `reaches out of its folder with ${specifier}`;
  }
  if (test.test(file) && workspace.folder !== 'core') return undefined;
  if (specifier.startsWith('@loci/'))
    return whyNot(workspace, specifier.split('/').slice(0, 2).join('/'), all);
  if (isBuiltin(specifier) && isPortable(workspace) && !test.test(file)) {
    return `runs outside Node too and may not import ${specifier}`;
  }
  return undefined;
}

function usesPortableTypes({ dir }, base) {
  const config = join(base, dir, 'tsconfig.json');
  return existsSync(config) && readFileSync(config, 'utf8').includes('tsconfig.portable.json');
}

if (import.meta.main) {
  const problems = checkFloors();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
