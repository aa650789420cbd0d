import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { entryPoints, root, workspaces } from './scripts/workspaces.mjs';

const live = process.env.LOCI_LIVE === '1';

export default defineConfig({
  resolve: {
    // Tests run on sources; only programs started by a test run what was built.
    alias: workspaces()
      .flatMap(entryPoints)
      .map(({ specifier, source }) => ({
        find: new RegExp(`^${specifier}$`),
        replacement: join(root, source),
      })),
  },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', ...(live ? [] : ['**/*.live.test.ts'])],
    passWithNoTests: true,
    reporters: ['default', './scripts/test-reporter.mjs'],
    projects: [
      ...workspaces().map(({ dir, folder }) => ({
        extends: true as const,
        test: { name: folder, root: dir },
      })),
      { extends: true, test: { name: 'scripts', root: 'scripts' } },
    ],
  },
});
