import type { Clock } from '@loci/core';
import { type StoreWork, storeConformance, storeProcesses } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';

const plugin = {
  name: 'stores-sqlite',
  create: ({ clock }: { readonly clock: Clock }) => createSqliteStore({ path: temporaryFile(), clock }),
};

storeConformance({ describe, it, expect }, plugin);
threadConformance({ describe, it, expect }, plugin);
storeProcesses(
  { describe, it, expect },
  {
    name: 'stores-sqlite',
    create() {
      const path = temporaryFile();
      const start = async (work: StoreWork) => {
        const { code } = await startChild('store-work.mjs', path, JSON.stringify(work)).ended;
        expect(code).toBe(0);
      };
      return { store: createSqliteStore({ path }), start };
    },
  },
);
