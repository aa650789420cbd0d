import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createSqliteStore } from '@loci/stores-sqlite';
import { createRandom, type Suite } from '../suite.js';

const writer = fileURLToPath(new URL('./children/sqlite-writer.js', import.meta.url));

/** Two writers on one file, one of which is killed at a random moment of each round. */
export const sqlite: Suite = {
  name: 'sqlite',
  proves:
    'A process killed with SIGKILL while it appends and updates loses nothing acknowledged and writes nothing twice.',
  rounds: 200,
  async run({ rounds, seed, progress, signal }) {
    const random = createRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'loci-soak-'));
    const path = join(folder, 'store.db');
    const acknowledged = { appended: new Set<string>(), updated: new Map<string, number>() };
    let other = startWriter(path, 'steady-0');
    try {
      for (let round = 1; round <= rounds; round++) {
        signal.throwIfAborted();
        const victim = startWriter(path, `victim-${round}`);
        await victim.acknowledgements(1);
        await victim.acknowledgements(1 + Math.floor(random() * 40));
        await new Promise((resolve) => setTimeout(resolve, random() * 8));
        note(await victim.kill(), acknowledged);
        // Now and then the other one, too: then nobody has the file open.
        if (random() < 0.2) {
          note(await other.kill(), acknowledged);
          other = startWriter(path, `steady-${round}`);
        }
        if (round % 20 === 0 || round === rounds)
          await verify(path, acknowledged, round === rounds ? await other.kill() : []);
        progress(round);
      }
      const appended = acknowledged.appended.size;
      const counted = [...acknowledged.updated.values()].reduce((sum, steps) => sum + steps, 0);
      return [
        { what: 'kills', count: rounds },
        { what: 'acknowledged entries', count: appended },
        { what: 'acknowledged updates', count: counted },
      ];
    } finally {
      await other.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

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

async function verify(path: string, acknowledged: Acknowledged, last: readonly string[]): Promise<void> {
  note(last, acknowledged);
  const store = createSqliteStore({ path });
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
    const found = await store.documents.get(['counter']);
    const record = (found?.value ?? { value: { sum: 0, by: {} } }) as {
      value: { sum: number; by: { [name: string]: number } };
    };
    const { sum, by } = record.value;
    const total = Object.values(by).reduce((all, count) => all + count, 0);
    if (sum !== total) throw new Error(`the sum is ${sum} and the updates are ${total}`);
    for (const [name, count] of acknowledged.updated) {
      const stored = by[name] ?? 0;
      // One more than was said is the update that was stored and not yet said when its writer was killed.
      if (stored < count || stored > count + 1) {
        throw new Error(`${count} updates of ${name} were acknowledged, ${stored} are there`);
      }
    }
  } finally {
    await store.close();
  }
}

function startWriter(path: string, name: string) {
  const child = spawn(process.execPath, [writer, path, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let ended = false;
  void closed.then(() => {
    ended = true;
    wake();
  });
  return {
    /** Waits for so many more acknowledgements. */
    async acknowledgements(more: number): Promise<void> {
      const wanted = lines.length + more;
      while (lines.length < wanted) {
        if (ended) throw new Error(`the writer ${name} ended by itself`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    /** Kills it and resolves everything it had said. */
    async kill(): Promise<readonly string[]> {
      child.kill('SIGKILL');
      await closed;
      return lines.splice(0);
    },
  };
}
