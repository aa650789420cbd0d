import { entryPoints, publishable } from './scripts/workspaces.mjs';

/** Of every entry: minified, compressed with brotli, our own code only. */
const limits = {
  '@loci/core': '12 kB',
  '@loci/core/conversation': '6 kB',
  '@loci/core/embedding': '2.5 kB',
  '@loci/core/maintenance': '5 kB',
  '@loci/core/output': '2.5 kB',
  '@loci/core/provider': '6.2 kB',
  '@loci/core/turn': '9.1 kB',
  '@loci/memory-compaction': '25 kB',
  '@loci/memory-compaction/space': '3 kB',
  '@loci/memory-typed': '10 kB',
  '@loci/testing': '20 kB',
  '@loci/testing/anthropic': '20 kB',
  '@loci/testing/cache': '4 kB',
  '@loci/testing/compaction': '10 kB',
  '@loci/testing/conversations': '6 kB',
  '@loci/testing/embedding': '8 kB',
  '@loci/testing/memory': '12 kB',
  '@loci/testing/mistral': '20 kB',
  '@loci/testing/model': '12 kB',
  '@loci/testing/openai': '20 kB',
  '@loci/testing/servers': '4 kB',
  '@loci/testing/simulator': '6 kB',
  '@loci/testing/store': '12 kB',
  '@loci/testing/thread': '12 kB',
  '@loci/prices': '4 kB',
  '@loci/providers-ai-sdk/from': '8 kB',
  '@loci/providers-ai-sdk/to': '8 kB',
  '@loci/providers-anthropic': '8 kB',
  '@loci/providers-mistral': '8 kB',
  '@loci/providers-mistral/embeddings': '3 kB',
  '@loci/providers-openai': '8 kB',
  '@loci/providers-openai/count-tokens': '8 kB',
  '@loci/providers-openai/embeddings': '2.5 kB',
  '@loci/router': '15 kB',
  '@loci/router/budget': '3 kB',
  '@loci/router/print': '2 kB',
  '@loci/router/share': '6 kB',
  '@loci/stores-encrypted': '5 kB',
  '@loci/stores-offline': '14 kB',
  '@loci/stores-postgres': '11 kB',
  '@loci/stores-redis': '9 kB',
  '@loci/stores-sqlite': '8 kB',
  '@loci/tokens': '4 kB',
};
/** These may import Node's modules; any other package fails to bundle when it does. */
const nodeOnly = ['@loci/testing', '@loci/stores-postgres', '@loci/stores-redis', '@loci/stores-sqlite'];

export default publishable().flatMap((workspace) =>
  entryPoints(workspace).map(({ specifier, built }) => {
    if (!limits[specifier]) throw new Error(`.size-limit.mjs has no limit for ${specifier}.`);
    return {
      name: specifier,
      path: built,
      limit: limits[specifier],
      ignore: Object.keys(workspace.manifest.dependencies ?? {}),
      modifyEsbuildConfig: (config) => ({
        ...config,
        // Without a format esbuild drops what an entry exports, and nothing is left to measure.
        format: 'esm',
        platform: nodeOnly.includes(workspace.name) ? 'node' : 'browser',
      }),
    };
  }),
);
