import type { Clock } from '@loci/core';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';

const plugin = {
  name: 'stores-sqlite',
  create: ({ clock }: { readonly clock: Clock }) => createSqliteStore({ path: temporaryFile(), clock }),
};

storeConformance({ describe, it, expect }, plugin);
threadConformance({ describe, it, expect }, plugin);
