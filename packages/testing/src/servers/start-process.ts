import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program under test, in a process of its own that speaks in lines. */
export interface StartedProcess {
  /** The next line that it prints; `undefined` when it has ended. */
  line(): Promise<string | undefined>;
  /** Every line up to its end. */
  rest(): Promise<readonly string[]>;
  /** Writes one line to its input. */
  tell(text: string): void;
  /** Ends it with `SIGKILL`. */
  kill(): void;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/**
 * Starts a script with the Node that runs this one. What it writes to its error output is shown. It ends with this
 * process at the latest; end it with the test: `onTestFinished(() => child.kill())`.
 *
 * @example
 * const child = startProcess(new URL('./children/worker.mjs', import.meta.url), [path, '250']);
 */
export function startProcess(script: URL | string, args: readonly string[] = []): StartedProcess {
  const path = typeof script === 'string' ? script : fileURLToPath(script);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A child that was killed does not read any more.
  child.stdin.on('error', () => {});
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const next = async () => (await lines.next()).value as string | undefined;
  return {
    line: next,
    async rest() {
      const all: string[] = [];
      for (let line = await next(); line !== undefined; line = await next()) all.push(line);
      return all;
    },
    tell: (text) => void child.stdin.write(`${text}\n`),
    kill,
    signal: (name) => void child.kill(name),
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))),
  };
}
