import { existsSync, readFileSync } from 'node:fs';
import { createMemoryStore, randomId, type Store } from '@loci/core';
import { backupStore, restoreStore } from '@loci/core/maintenance';
import { openMemory } from '@loci/memory-typed';
import { encrypted, type Keys, keyRing, rotate, subjectKeys } from '@loci/stores-encrypted';
import { z } from 'zod';
import { chapter, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStore } from '../wiring/store.js';

const secret = 'the spare key is under the third stone';
const newKey = () => crypto.getRandomValues(new Uint8Array(32));
const key = ['demo', 'encrypted'];

/** One secret in a file that does not hold its words. */
export const encryptedFile: Story = {
  name: 'encrypted',
  about: 'an encrypted file: no plain text, wrong keys refused, rotation, backup, erasure by key',
  options: ['file'],
  details: ['The keys are made for this run and forgotten at its end. No model is called.'],
  async run({ file }) {
    const inner = openStore(file);
    const [k1, k2] = [newKey(), newKey()];
    const schema = z.object({ secret: z.string() });
    const open = (keys: Keys, name = 'note', kept: Store = inner) =>
      openMemory({ schema, initial: { secret: '' }, store: encrypted(kept, { keys }), key: [...key, name] });
    const tell = (work: Promise<unknown>) =>
      work.then(
        () => print('  it was read\n'),
        (error: unknown) => print(`  ${(error as Error).name}: ${(error as Error).message}\n`),
      );
    try {
      const memory = open(keyRing({ current: 'k1', keys: { k1 } }));
      await memory.set({ secret });
      chapter('What the file holds');
      const bytes = [file, `${file}-wal`].filter(existsSync).map((path) => readFileSync(path));
      const isPlain = bytes.some((part) => part.includes(secret));
      print(
        `  ${isPlain ? 'THE WORDS' : 'not one word of it'}, and the memory says “${(await memory.get()).secret}”\n`,
      );

      chapter('Another key is refused by name, and changes nothing');
      await tell(open(keyRing({ current: 'k2', keys: { k2 } })).set({ secret: '' }));

      chapter('Rotation to another key');
      const ring = keyRing({ current: 'k2', keys: { k1, k2 } });
      const { documents, failed } = await rotate(inner, { keys: ring, prefix: key });
      print(`  ${documents} encrypted anew, ${failed.length} not; the old key is no longer needed:\n`);
      await tell(open(keyRing({ current: 'k2', keys: { k2 } })).get());

      chapter('A backup of what is encrypted stays encrypted, and is restored elsewhere');
      const lines: string[] = [];
      for await (const line of backupStore(inner, { prefix: key })) lines.push(line);
      const elsewhere = createMemoryStore();
      await restoreStore(elsewhere, lines);
      print(
        `  ${lines.join('').includes(secret) ? 'THE WORDS ARE IN IT' : 'no plain text in it'}; restored: “${(await open(ring, 'note', elsewhere).get()).secret}”\n`,
      );

      chapter('Destroying the key of one person erases what is theirs, and nothing else');
      const subjects = subjectKeys({
        store: createMemoryStore(),
        masterKeys: ring,
        subjectOf: (of) => of.at(-1) ?? '',
      });
      const [ada, grace] = [open(subjects, `ada-${randomId()}`), open(subjects, `grace-${randomId()}`)];
      await Promise.all([ada.set({ secret }), grace.set({ secret })]);
      await subjects.destroy(ada.key.at(-1) ?? '');
      await tell(ada.get());
      await tell(grace.get());
      return isPlain ? 1 : 0;
    } finally {
      for await (const { key: found } of inner.documents.list(key))
        await inner.documents.delete(found, { expect: 'any' });
      await inner.close();
    }
  },
};
