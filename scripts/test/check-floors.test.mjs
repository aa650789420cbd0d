import { describe, expect, it } from 'vitest';
import { checkFloors } from '../check-floors.mjs';
import { fixtureTree } from './fixture-tree.mjs';

const portable = '{ "extends": "../../tsconfig.portable.json" }';
const names = ['core', 'testing', 'stores-sqlite', 'memory-recall', 'agent'];
const manifests = Object.fromEntries(
  names.map((name) => [`packages/${name}/package.json`, { name: `@loci/${name}` }]),
);

/** What is wrong with five packages, one app and these files. */
function check(files) {
  return checkFloors(
    fixtureTree({ ...manifests, 'apps/demo/package.json': { name: '@loci/demo' }, ...files }),
  );
}

describe('checkFloors', () => {
  it('accepts imports that point down', () => {
    const problems = check({
      'packages/core/tsconfig.json': portable,
      'packages/core/src/index.ts': "export { a } from './a/b.js';",
      'packages/stores-sqlite/src/index.ts': "import { x } from '@loci/core';\nimport 'node:sqlite';",
      'packages/agent/src/index.ts':
        "import '@loci/memory-recall';\nconst store = await import('@loci/stores-sqlite');",
      'apps/demo/src/main.ts': "import '@loci/agent';\nimport '@loci/testing/openai';",
    });
    expect(problems).toEqual([]);
  });

  it('refuses a sideways import, with its file and line', () => {
    const source = "import '@loci/core';\n\nimport type { A } from '@loci/testing/store';\n";
    expect(check({ 'packages/stores-sqlite/src/a.ts': source })).toEqual([
      'packages/stores-sqlite/src/a.ts:3 stores-sqlite is on floor 1 and may not use @loci/testing on floor 1',
    ]);
  });

  it('refuses an upward import, however it is written', () => {
    expect(check({ 'packages/testing/src/a.ts': "export * from '@loci/agent';" })).toHaveLength(1);
    expect(check({ 'packages/testing/src/a.ts': "const x = import('@loci/agent');" })).toHaveLength(1);
    expect(check({ 'packages/testing/src/a.ts': "type X = import('@loci/agent').X;" })).toHaveLength(1);
  });

  it('lets tests import sideways, except in core', () => {
    const source = "import { storeConformance } from '@loci/testing/store';";
    expect(check({ 'packages/stores-sqlite/src/a.test.ts': source })).toEqual([]);
    expect(check({ 'packages/stores-sqlite/test/start.ts': source })).toEqual([]);
    const files = { 'packages/core/tsconfig.json': portable, 'packages/core/src/a.test.ts': source };
    expect(check(files)).toEqual([
      'packages/core/src/a.test.ts:1 core is on floor 0 and may not use @loci/testing on floor 1',
    ]);
  });

  it('refuses a dependency that points up or sideways, and any of ours in core', () => {
    const core = { name: '@loci/core', devDependencies: { '@loci/testing': '^0.0.0' } };
    expect(check({ 'packages/core/package.json': core })).toHaveLength(1);
    const testing = { name: '@loci/testing', dependencies: { '@loci/stores-sqlite': '^0.0.0' } };
    expect(check({ 'packages/testing/package.json': testing })).toHaveLength(1);
  });

  it("refuses Node's modules in packages that also run elsewhere, but not in their tests", () => {
    const files = { 'packages/memory-recall/tsconfig.json': portable };
    const source = "import { readFileSync } from 'node:fs';";
    expect(check({ ...files, 'packages/memory-recall/src/a.ts': source })).toEqual([
      'packages/memory-recall/src/a.ts:1 memory-recall runs outside Node too and may not import node:fs',
    ]);
    expect(check({ ...files, 'packages/memory-recall/src/a.ts': "import 'fs/promises';" })).toHaveLength(1);
    expect(check({ ...files, 'packages/memory-recall/src/a.test.ts': source })).toEqual([]);
  });

  it('asks such a package for a tsconfig without Node types', () => {
    expect(check({ 'packages/memory-recall/src/a.ts': 'export const a = 1;' })).toEqual([
      'packages/memory-recall/tsconfig.json:1 memory-recall must extend tsconfig.portable.json',
    ]);
  });

  it('refuses a relative import out of the package and a package that is not here', () => {
    expect(check({ 'packages/agent/src/a.ts': "import '../../core/src/index.js';" })).toEqual([
      'packages/agent/src/a.ts:1 agent reaches out of its folder with ../../core/src/index.js',
    ]);
    expect(check({ 'packages/agent/src/a.ts': "import '@loci/nowhere';" })).toHaveLength(1);
  });

  it('does not take comments and strings for imports', () => {
    const source = "// import '@loci/testing';\nexport const text = \"import '@loci/testing'\";";
    expect(check({ 'packages/stores-sqlite/src/a.ts': source })).toEqual([]);
  });
});
