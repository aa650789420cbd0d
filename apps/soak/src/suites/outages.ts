import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@loci/testing/conversations';
import { startProcess } from '@loci/testing/servers';
import { type Backend, startBackend } from '../backends/start-backend.js';
import { openTarget, type Target } from '../backends/target.js';
import type { Suite } from '../suite.js';

const script = fileURLToPath(new URL('./children/offline-pusher.js', import.meta.url));
const processes = 4;
const words = 20;

/** Processes push while their server goes away twice; in every second round one of them is killed as well. */
export const outages: Suite = {
  name: 'outages',
  proves:
    'Through `offline`, 4 processes × 20 appends make 80, each once, though Redis or PostgreSQL is killed and started twice, and a killed process is followed by one with the same journal.',
  rounds: 20,
  async run({ rounds, seed, progress, signal }) {
    const random = createRandom(seed);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms * random()));
    let kills = 0;
    let waited = 0;
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted();
      const backend = await startBackend(round % 4 < 2 ? 'redis' : 'postgres');
      const folder = mkdtempSync(join(tmpdir(), 'loci-soak-'));
      const pushers = Array.from({ length: processes }, (_, index) =>
        startPusher(backend.target, folder, `p${index}`),
      );
      const stop = () => {
        for (const pusher of pushers) pusher.stop();
      };
      signal.addEventListener('abort', stop);
      try {
        const ends = Promise.all(pushers.map((pusher) => pusher.ended));
        ends.catch(() => {});
        await outage(backend, pause);
        if (round % 2 === 0) {
          pushers[0]?.replace();
          kills++;
        }
        await outage(backend, pause);
        waited += (await ends).reduce((sum, count) => sum + count, 0);
        await verify(backend.target);
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
        await backend.remove();
        rmSync(folder, { recursive: true, force: true });
      }
      progress(round);
    }
    if (waited === 0) throw new Error('no append met an outage: this proves nothing');
    return [
      { what: 'outages', count: rounds * 2 },
      { what: 'kills of a process', count: kills },
      { what: 'appends', count: rounds * processes * words },
      { what: 'of them queued', count: waited },
    ];
  },
};

async function outage({ server }: Backend, pause: (ms: number) => Promise<unknown>): Promise<void> {
  await pause(300);
  await server?.kill();
  await pause(400);
  await server?.restart();
}

/** A process that pushes, and the ones that follow it. `ended` resolves when everything was pushed and delivered. */
function startPusher(target: Target, folder: string, name: string) {
  const start = (from: number) =>
    startProcess(script, [JSON.stringify(target), join(folder, `${name}.db`), name, `${from}`, `${words}`]);
  let child = start(0);
  let pushed = 0;
  let isKilled = false;

  /** Resolves how many of its appends had to wait for the server. */
  async function follow(): Promise<number> {
    for (;;) {
      for (let line = await child.line(); line !== undefined; line = await child.line()) {
        const [what, number, conflicts, queued] = line.split(' ');
        if (what === 'pushed') pushed = Number(number) + 1;
        if (what !== 'done') continue;
        if (number !== '0' || conflicts !== '0')
          throw new Error(`${name}: ${number} writes refused, ${conflicts} conflicts`);
        return Number(queued);
      }
      if (!isKilled) throw new Error(`the process ${name} ended by itself`);
      // Only now is known what it had said.
      isKilled = false;
      child = start(pushed);
    }
  }

  return {
    ended: follow(),
    replace() {
      isKilled = true;
      child.kill();
    },
    stop: () => child.kill(),
  };
}

async function verify(target: Target): Promise<void> {
  const store = openTarget(target);
  try {
    const found = await store.documents.get(['offline']);
    const { value } = (found?.value ?? { value: [] }) as { readonly value: readonly string[] };
    const expected = processes * words;
    if (value.length !== expected || new Set(value).size !== expected)
      throw new Error(
        `${value.length} appends are there, ${new Set(value).size} of ${expected} different ones`,
      );
  } finally {
    await store.close();
  }
}
