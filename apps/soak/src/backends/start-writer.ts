import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Target } from './target.js';

const script = fileURLToPath(new URL('./children/writer.js', import.meta.url));

/** A process that appends and updates until it is killed, and says what was acknowledged. */
export interface Writer {
  /** Waits for so many more acknowledgements. */
  acknowledgements(more: number): Promise<void>;
  /** Kills it and resolves everything it had said since the last call. */
  kill(): Promise<readonly string[]>;
}

export function startWriter(target: Target, name: string): Writer {
  const child = spawn(process.execPath, [script, JSON.stringify(target), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
    async acknowledgements(more) {
      const wanted = lines.length + more;
      while (lines.length < wanted) {
        if (ended) throw new Error(`the writer ${name} ended by itself`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
      return lines.splice(0);
    },
  };
}
