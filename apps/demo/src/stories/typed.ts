import { createMemoryStore } from '@loci/core';
import { InvalidDataError, openMemory } from '@loci/memory-typed';
import { z } from 'zod';
import { chapter, note, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStore } from '../wiring/store.js';

const schema = z.object({
  name: z.string(),
  visits: z.number().int().nonnegative(),
  lastVisits: z.array(z.string()).max(3),
  steps: z.number().int(),
});
const settings = {
  schema,
  initial: { name: 'Ada', visits: 0, lastVisits: [], steps: 0 },
  key: ['demo', 'typed'],
  schemaId: 'demo/visitor',
};

/** One typed value that outlives the process: what is checked, counted, told and carried over. */
export const typed: Story = {
  name: 'typed',
  about: 'a typed memory: checked, changed atomically, with hooks, export and import',
  options: ['file'],
  details: [
    'Each run is one more visit in the same file. Nothing else is asked for, and no model is called.',
  ],
  async run({ file }) {
    const store = openStore(file);
    const open = () => openMemory({ ...settings, store });
    try {
      const memory = open();
      note(`memory  ${file}`);
      chapter('One shape, remembered');
      const { visits } = await memory.get();
      print(`You have been here ${visits === 1 ? 'once' : `${visits} times`} before.\n`);

      chapter('Hooks are told of every change, one after the other');
      const patched: string[] = [];
      memory.onChange(({ patch }) => patched.push(...patch.map(({ op, path }) => `${op} ${path}`)));
      memory.onChange(() => Promise.reject(new Error('a hook that breaks harms nobody')));
      const after = await memory.update((draft) => {
        draft.visits += 1;
        draft.lastVisits = [new Date().toISOString(), ...draft.lastVisits].slice(0, 3);
      });
      await memory.flush();
      print(`visits ${visits} → ${after.visits}; the patch: ${patched.join(', ')}\n`);

      chapter('What does not fit is refused, and nothing is changed');
      const refused = await memory.set({ ...after, visits: -1 }).catch((error: unknown) => error);
      if (InvalidDataError.isInstance(refused)) {
        for (const { path, reason } of refused.issues) print(`${path.join('.')}: ${reason}\n`);
      }
      print(`still ${(await memory.get()).visits}\n`);

      chapter('Two writers, 100 changes each, at the same time');
      const { steps } = await memory.get();
      const walk = async (walker: typeof memory) => {
        for (let step = 0; step < 100; step++) await walker.update((draft) => void draft.steps++);
      };
      await Promise.all([walk(open()), walk(open())]);
      print(
        `steps ${steps} → ${(await memory.get()).steps}: ${(await memory.get()).steps - steps} of 200 are there\n`,
      );

      chapter('Export, import elsewhere, export again');
      const exported = await memory.exportMemory();
      const copy = openMemory({ ...settings, store: createMemoryStore() });
      await copy.importMemory(exported);
      const isSame = JSON.stringify(await copy.exportMemory()) === JSON.stringify(exported);
      print(`${isSame ? 'the same' : 'NOT the same'}, schema id, version and times included\n`);
      return isSame ? 0 : 1;
    } finally {
      await store.close();
    }
  },
};
