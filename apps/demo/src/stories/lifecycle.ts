import { createMemoryStore } from '@loci/core';
import { openMemory, openSessions } from '@loci/memory-typed';
import { createTestClock } from '@loci/testing';
import { chapter, print } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { day, nextVisits, visits } from '../examples/visits.js';

const noteOf = (value: unknown) => JSON.stringify(value);

/** What happens to a memory over the years, in a second: the clock is moved by hand. */
export const lifecycle: Story = {
  name: 'lifecycle',
  about: 'sessions, redaction, statistics, migrations and clean-up of typed memories',
  options: [],
  details: ['Nothing is kept: the store is in this process, and its clock is moved by hand.'],
  async run() {
    const clock = createTestClock();
    const store = createMemoryStore({ clock });
    const options = { ...visits, store, clock };

    chapter('Sessions by any name: an id is data, never a path');
    const sessions = openSessions({ ...options, key: ['sessions'], ttlMs: 30 * day });
    for (const id of ['../../etc/passwd', '__proto__', '🦊', '', 'x'.repeat(10_000)])
      await sessions.save(id, { notes: [], visits: 1 });
    for await (const { id = '', expiresAt = 0 } of sessions.list())
      print(
        `  “${id.length > 20 ? `${id.slice(0, 8)}… (${id.length} characters)` : id}” for ${(expiresAt - clock.now()) / day} days\n`,
      );

    chapter('What must not be stored is taken out before anything is');
    const ada = await sessions.open('ada');
    const quiet = ada.onChange(({ patch }) => print(`  a hook is told: ${noteOf(patch)}\n`));
    await ada.update((draft) => void draft.notes.push('paid with 4111 1111 1111 1111'));
    quiet();

    chapter('1,000 quick updates that may wait for each other');
    const many = Array.from({ length: 1000 }, () =>
      ada.update((draft) => void draft.visits++, { coalesceMs: 50 }),
    );
    await ada.flush();
    await Promise.all(many);
    const { changes, writes, bytes, tokens, lists } = await ada.statistics();
    print(`  visits: ${(await ada.get()).visits}; ${changes} changes in ${writes} writes\n`);
    print(`  ${bytes} bytes, about ${tokens} tokens, lists: ${noteOf(lists)}\n`);

    chapter('The next version of the program reads what the old one wrote, and the old one refuses the new');
    const next = openMemory({ ...nextVisits, store, clock, key: ada.key });
    print(`  version 2 reads ${noteOf(await next.get())}\n`);
    await next.update((draft) => void draft.visits++);
    const refused = await ada.get().catch((error: Error) => error);
    print(`  version 1 says ${refused instanceof Error ? refused.message : 'NOTHING'}\n`);

    chapter('Forty days later');
    await clock.advance(20 * day);
    await sessions.save('grace', { notes: [], visits: 1 });
    await clock.advance(20 * day);
    const ids = async () => {
      const all = [];
      for await (const { id } of sessions.list()) all.push(id);
      return all;
    };
    print(`  expired after 30 days without a change; left: ${noteOf(await ids())}\n`);
    const { deleted } = await sessions.deleteInactive({ olderThanMs: 10 * day });
    print(`  older than 10 days: ${deleted} deleted; left: ${noteOf(await ids())}\n`);
    return refused instanceof Error && deleted === 1 ? 0 : 1;
  },
};
