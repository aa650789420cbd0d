import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Child {
  /** The next line that it prints; `undefined` when it has ended. */
  line(): Promise<string | undefined>;
  /** Every line up to its end. */
  rest(): Promise<readonly string[]>;
  /** Writes one line to its input. */
  tell(text: string): void;
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts a script of `children/` on what was built, with plain Node. It is killed at the end of the test at the latest. */
export function startChild(script: string, ...args: readonly string[]): Child {
  const path = join(import.meta.dirname, 'children', script);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A child that was killed does not read any more.
  child.stdin.on('error', () => {});
  onTestFinished(() => void child.kill('SIGKILL'));
  const next = async () => (await lines.next()).value as string | undefined;
  return {
    line: next,
    async rest() {
      const all: string[] = [];
      for (let line = await next(); line !== undefined; line = await next()) all.push(line);
      return all;
    },
    tell: (text) => void child.stdin.write(`${text}\n`),
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))),
  };
}
