import { relative } from 'node:path';
import type { KnipConfig } from 'knip';
import { entryPoints, isSkeleton, workspaces } from './scripts/workspaces.mjs';

const packages = workspaces().map((workspace) => {
  const entries = entryPoints(workspace).map(({ source }) => relative(workspace.dir, source));
  const config = {
    entry: [...entries, 'src/main.ts', 'src/examples/*.ts', 'src/children/*.ts', 'src/**/*.test-d.ts'],
    project: ['src/**/*.ts', 'test/**/*.ts'],
    // What the declarations of a dependency refer to without bringing it.
    ignoreDependencies: [/^@types\//],
    // A package without sources does not use what it declares yet.
    ...(isSkeleton(workspace) && { ignoreDependencies: [/./] }),
  };
  return [workspace.dir, config];
});

export default {
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs', 'scripts/**/*.test.mjs'],
      project: ['*.ts', 'scripts/**/*.mjs'],
      // Started by scripts/check.mjs and scripts/build.mjs.
      ignoreDependencies: ['@arethetypeswrong/cli', 'publint', 'turbo', 'typedoc'],
    },
    ...Object.fromEntries(packages),
  },
} satisfies KnipConfig;
