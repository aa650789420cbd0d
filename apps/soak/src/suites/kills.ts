import { openMemory } from '@loci/memory-typed';
import { createRandom } from '@loci/testing/conversations';
import { counterMemory } from '../backends/counter.js';
import { startBackend } from '../backends/start-backend.js';
import { startWriter } from '../backends/start-writer.js';
import { openTarget, type Target } from '../backends/target.js';
import type { Suite } from '../suite.js';

/** Two writers on one store, one of which is killed at a random moment of each round, and now and then the server too. */
export function kills(kind: Target['kind'], rounds: number): Suite {
  return {
    name: kind,
    proves: `A process${kind === 'sqlite' ? '' : ' or server'} killed while appends and updates are made loses nothing acknowledged, and nothing is there twice.`,
    rounds,
    async run({ rounds, seed, progress, signal }) {
      const random = createRandom(seed);
      const { target, server, remove } = await startBackend(kind);
      const acknowledged: Acknowledged = { appended: new Set(), updated: new Map() };
      let other = startWriter(target, 'steady-0');
      let serverKills = 0;
      try {
        for (let round = 1; round <= rounds; round++) {
          signal.throwIfAborted();
          const victim = startWriter(target, `victim-${round}`);
          await victim.acknowledgements(1);
          await victim.acknowledgements(1 + Math.floor(random() * 40));
          await new Promise((resolve) => setTimeout(resolve, random() * 8));
          const killServer = random() < 0.1 && server !== undefined;
          if (killServer) await server.kill();
          note(await victim.kill(), acknowledged);
          // Now and then the other one, too: then nobody has the store open.
          if (killServer || random() < 0.2) {
            note(await other.kill(), acknowledged);
            if (killServer) {
              await server.restart();
              serverKills++;
            }
            other = startWriter(target, `steady-${round}`);
          }
          if (round === rounds) note(await other.kill(), acknowledged);
          if (round % 20 === 0 || round === rounds) await verify(target, acknowledged);
          progress(round);
        }
        const counted = [...acknowledged.updated.values()].reduce((sum, steps) => sum + steps, 0);
        return [
          { what: 'kills of a process', count: rounds },
          ...(server ? [{ what: 'kills of the server', count: serverKills }] : []),
          { what: 'acknowledged entries', count: acknowledged.appended.size },
          { what: 'acknowledged updates', count: counted },
        ];
      } finally {
        await other.kill();
        await remove();
      }
    },
  };
}

interface Acknowledged {
  readonly appended: Set<string>;
  /** How many, by the name of the writer. */
  readonly updated: Map<string, number>;
}

function note(lines: readonly string[], { appended, updated }: Acknowledged): void {
  for (const line of lines) {
    const [what, ...words] = line.split(' ');
    if (what === 'appended') for (const id of words) appended.add(id);
    const [name] = words;
    if (what === 'updated' && name) updated.set(name, (updated.get(name) ?? 0) + 1);
  }
}

async function verify(target: Target, acknowledged: Acknowledged): Promise<void> {
  const store = openTarget(target);
  try {
    const seen = new Set<string>();
    let seq = 0;
    for await (const entry of store.logs.read(['log'])) {
      if (entry.seq !== ++seq) throw new Error(`entry ${entry.seq} stands where ${seq} belongs`);
      if (seen.has(entry.id)) throw new Error(`entry ${entry.id} is there twice`);
      seen.add(entry.id);
    }
    for (const id of acknowledged.appended)
      if (!seen.has(id)) throw new Error(`the acknowledged entry ${id} is lost`);
    const { sum, by } = await openMemory({ ...counterMemory, store }).get();
    const total = Object.values(by).reduce((all, count) => all + count, 0);
    if (sum !== total) throw new Error(`the sum is ${sum} and the updates are ${total}`);
    for (const [name, count] of acknowledged.updated) {
      const stored = by[name] ?? 0;
      // One more than was said is the update that was stored and not yet said when its writer was killed.
      if (stored < count || stored > count + 1)
        throw new Error(`${count} updates of ${name} were acknowledged, ${stored} are there`);
    }
  } finally {
    await store.close();
  }
}
