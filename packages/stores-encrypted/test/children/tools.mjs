import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { keyRing } from '../../dist/index.js';

/** The first line of the input, which is not read any further: an open one would keep the process alive. */
export async function told() {
  const input = createInterface({ input: process.stdin });
  for await (const line of input) {
    input.close();
    process.stdin.destroy();
    return line;
  }
}

/** Synchronous, so that nothing acknowledged is lost when this process is killed. */
export function say(line) {
  writeSync(1, `${line}\n`);
}

/** The ring of the tests, `k1` and `k2`, of which one is current. */
export const ring = (current) =>
  keyRing({ current, keys: { k1: new Uint8Array(32).fill(1), k2: new Uint8Array(32).fill(2) } });
