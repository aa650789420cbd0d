import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** The next line of the input. */
export async function told() {
  return (await input.next()).value;
}

/** Synchronous, so that nothing acknowledged is lost when this process is killed. */
export function say(line) {
  writeSync(1, `${line}\n`);
}
