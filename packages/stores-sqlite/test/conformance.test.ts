import { storeConformance } from '@loci/testing/store';
import { describe, expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';

storeConformance(
  { describe, it, expect },
  { name: 'stores-sqlite', create: ({ clock }) => createSqliteStore({ path: temporaryFile(), clock }) },
);
