// One of several processes that want the same record: says `ready`, waits for a line, works, and says how it went.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ConflictError } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';
import { openTarget, type Target } from '../backends/target.js';

const [target = '', task = '', name = '', times = ''] = process.argv.slice(2);
const store = openTarget(JSON.parse(target) as Target);
const numbers = openMemory({ schema: z.number(), initial: 0, store, key: ['increments'] });
const list = openMemory({ schema: z.array(z.string()), initial: [], store, key: ['list'] });

const tasks: Readonly<Record<string, (step: number) => Promise<unknown>>> = {
  increment: () => numbers.update((value) => value + 1),
  push: (step) => list.update((draft) => void draft.push(`${name}-${step}`)),
  // Every process expects the same version, the one of “absent”; who wins says so.
  claim: (step) =>
    store.documents.put(['claim', `${step}`], name, { expect: 'absent', operationId: name }).then(
      () => writeSync(1, `won ${step}\n`),
      (error: unknown) => {
        if (!ConflictError.isInstance(error)) throw error;
      },
    ),
};
const run = tasks[task];
if (!run) throw new Error(`There is no task ${task}.`);

// Connected before the others are let go.
await store.documents.get(['ready']);
writeSync(1, 'ready\n');
for await (const _ of createInterface({ input: process.stdin })) break;
const started = performance.now();
for (let step = 0; step < Number(times); step++) await run(step);
writeSync(1, `done ${performance.now() - started}\n`);
await store.close();
process.exit(0);
