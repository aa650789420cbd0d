import { type Clock, createMemoryStore, type Store } from '@loci/core';
import { createSqliteStore } from '@loci/stores-sqlite';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, it, vi } from 'vitest';
import { encrypted, keyRing, subjectKeys } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';
import { bytes, newRing } from './tools.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

type Create = (context: { readonly clock: Clock }) => Store;

const memory: Create = ({ clock }) => createMemoryStore({ clock });
const plugins: readonly (readonly [name: string, create: Create])[] = [
  ['encrypted(memory)', (context) => encrypted(memory(context), { keys: newRing() })],
  [
    'encrypted(SQLite)',
    ({ clock }) => encrypted(createSqliteStore({ path: temporaryFile(), clock }), { keys: newRing() }),
  ],
  [
    'encrypted(encrypted(memory))',
    (context) => {
      const outer = keyRing({ current: 'outer', keys: { outer: bytes(9) } });
      return encrypted(encrypted(memory(context), { keys: newRing() }), { keys: outer });
    },
  ],
  [
    'encrypted(memory) with keys per subject',
    (context) => {
      const keys = subjectKeys({
        store: createMemoryStore(),
        masterKeys: newRing(),
        subjectOf: ([first]) => `subject ${first?.slice(0, 100)}`,
      });
      return encrypted(memory(context), { keys });
    },
  ],
];

for (const [name, create] of plugins) {
  storeConformance({ describe, it }, { name, create });
  threadConformance({ describe, it }, { name, create });
}
