// One agent of the story `hand-over`, in a process of its own: waits for its turn, acts, and ends.
import { agents, openCase } from '../examples/hand-over.js';
import { openStore } from '../wiring/store.js';

const [file = '', id = '', role = ''] = process.argv.slice(2);
const agent = agents[role];
if (!agent) throw new Error(`There is no agent ${role}.`);
const store = openStore(file);
const shared = openCase(store, id);
const end = new AbortController();

/** Resolves whether it acted. Whoever was faster, the recipe sees what is there now. */
async function tryToAct(): Promise<boolean> {
  let acted = false;
  await shared.update((draft) => {
    acted = agent?.isMine(draft) ?? false;
    if (acted) agent?.act(draft);
  });
  return acted;
}

// Whoever started it is gone.
process.stdin.on('close', () => process.exit(0)).resume();

const before = await shared.get();
process.stdout.write('ready\n');
if (!(await tryToAct())) {
  for await (const _ of shared.watch({ signal: end.signal, from: before })) if (await tryToAct()) break;
}
process.stdout.write(`${(await shared.get()).log.at(-1)} (process ${process.pid})\n`);
await store.close();
process.exit(0);
