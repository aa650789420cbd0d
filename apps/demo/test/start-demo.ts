import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

// Each test starts whole processes, and all projects share the machine.
vi.setConfig({ testTimeout: 120_000 });

export const demoProgram = join(import.meta.dirname, '../dist/main.js');

/** A process of the demo, and what it has said so far. */
export interface Demo {
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when `pattern` is in stdout or stderr. Rejects where the process ends without it. */
  said(pattern: RegExp): Promise<void>;
  type(text: string): void;
  endInput(): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface StartOptions {
  /** The folder in which the user stands. */
  readonly folder: string;
  /** All of standard input; without it the input stays open. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The program and its first arguments. @default the built demo, with plain Node */
  readonly program?: readonly [string, ...string[]];
}

/** Starts the demo. It is killed at the end of the test at the latest. */
export function startDemo(args: readonly string[], options: StartOptions): Demo {
  const { folder, input, environment = {}, program = [process.execPath, demoProgram] } = options;
  const [command, ...first] = program;
  const child = spawn(command, [...first, ...args], {
    cwd: folder,
    // Nothing of this machine's: no key, no colours, no folder of the npm that runs the tests.
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm', INIT_CWD: folder, ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // A process that has ended does not read any more.
  child.stdin.on('error', () => {});
  if (input !== undefined) child.stdin.end(input);
  return watch(child);
}

/** Runs the demo to its end. */
export async function runDemo(args: readonly string[], options: StartOptions) {
  const demo = startDemo(args, { input: '', ...options });
  const code = await demo.ended;
  return { code, stdout: demo.stdout, stderr: demo.stderr };
}

/** A new folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loci-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function watch(child: ChildProcessWithoutNullStreams): Demo {
  const said = { stdout: '', stderr: '' };
  let changed = Promise.withResolvers<void>();
  let isOver = false;
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      change();
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      isOver = true;
      change();
      resolve(code ?? signal);
    });
  });
  return {
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    async said(pattern) {
      while (!pattern.test(said.stdout) && !pattern.test(said.stderr)) {
        if (isOver) throw new Error(`It ended without ${pattern}:\n${said.stdout}\n${said.stderr}`);
        await changed.promise;
      }
    },
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    signal: (name) => void child.kill(name),
    ended,
  };
}
