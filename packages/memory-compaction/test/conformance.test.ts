import { memoryConformance } from '@loci/testing/memory';
import { describe, it } from 'vitest';
import { compaction } from '../src/index.js';
import { summariser } from './support.js';

const small = { preserveLastMessages: 2, summaryMaxTokens: 200, trigger: { tokens: 60 } } as const;

for (const [name, summaryModel] of [
  ['a summariser', summariser()],
  ['digests', 'none'],
] as const)
  memoryConformance(
    { describe, it },
    {
      name: `memory-compaction with ${name}`,
      create: ({ clock }) => compaction({ ...small, clock, summaryModel }),
    },
  );
