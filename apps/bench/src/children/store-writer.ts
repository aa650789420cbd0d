// One writer: for each line `<task> <times>` it does so and says how many milliseconds it took.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createRawWork } from '../stores/create-raw-work.js';
import { createLociWork } from '../stores/loci-work.js';
import type { Target } from '../stores/target.js';

const [text = '', name = ''] = process.argv.slice(2);
const target = JSON.parse(text) as Target;
const loci = await createLociWork(target, name);
const raw = await createRawWork(target, name);
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  'loci-append': () => loci.append(randomUUID()),
  'loci-update': loci.update,
  'loci-recipe': loci.recipe,
  'loci-contend': loci.contend,
  'raw-append': () => raw.append(randomUUID()),
  'raw-update': raw.update,
};
const say = (line: string) => process.stdout.write(`${line}\n`);

say('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', times] = line.split(' ');
  const run = tasks[task];
  if (!run) throw new Error(`There is no task ${task}.`);
  const started = performance.now();
  for (let step = 0; step < Number(times); step++) await run();
  say(`${performance.now() - started}`);
}
await loci.close();
await raw.close();
