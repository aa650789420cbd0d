import { entryPoints, isSkeleton, publishable } from './scripts/workspaces.mjs';

export default {
  name: 'Loci',
  tsconfig: 'tsconfig.json',
  skipErrorChecking: true,
  entryPoints: publishable()
    .filter((workspace) => !isSkeleton(workspace))
    .flatMap(entryPoints)
    .map(({ source }) => source),
  out: 'docs/api',
  readme: 'none',
  githubPages: false,
  // Links to sources would need a remote, which a clone of a clone does not have.
  disableSources: true,
  treatWarningsAsErrors: true,
  validation: { invalidLink: true, notExported: false },
};
