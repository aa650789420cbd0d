import { type Clock, createMemoryStore, scoped } from '@loci/core';
import { encrypted, keyRing } from '@loci/stores-encrypted';
import { createSqliteStore } from '@loci/stores-sqlite';
import { storeConformance } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { describe, it, vi } from 'vitest';
import { offline } from '../src/index.js';
import { temporaryFile } from './temporary-file.js';

// Thousands of small steps, beside other work on the same machine.
vi.setConfig({ testTimeout: 30_000 });

interface Context {
  readonly clock: Clock;
}
const memory = ({ clock }: Context) => createMemoryStore({ clock });
const ring = (fill: number) => keyRing({ current: 'k', keys: { k: new Uint8Array(32).fill(fill) } });
const sqlite = ({ clock }: Context) => createSqliteStore({ path: temporaryFile(), clock });

const plugins = {
  'offline(memory)': (context: Context) => offline(memory(context), { journal: memory(context), ...context }),
  'offline(sqlite)': (context: Context) => offline(sqlite(context), { journal: sqlite(context), ...context }),
  'offline(memory), scoped journal': (context: Context) =>
    offline(memory(context), { journal: scoped(memory(context), ['journal', '1']), ...context }),
  'offline(encrypted), encrypted journal': (context: Context) =>
    offline(encrypted(memory(context), { keys: ring(1) }), {
      journal: encrypted(memory(context), { keys: ring(2) }),
      ...context,
    }),
  'offline(offline)': (context: Context) =>
    offline(offline(memory(context), { journal: memory(context), ...context }), {
      journal: memory(context),
      ...context,
    }),
};

for (const [name, create] of Object.entries(plugins)) {
  storeConformance({ describe, it }, { name, create });
  threadConformance({ describe, it }, { name, create });
}

// The store kit fails on `scoped` itself: its keys may have fewer segments, and its errors name the whole key.
threadConformance(
  { describe, it },
  {
    name: 'offline(scoped)',
    create: (context) =>
      offline(scoped(memory(context), ['tenant', '1']), { journal: memory(context), ...context }),
  },
);
