import { spawnSync } from 'node:child_process';
import { demoProgram, type StartOptions, startDemo } from './start-demo.js';

// Runs a program on a terminal of its own.
const recorder = 'script';
const version = spawnSync(recorder, ['--version'], { encoding: 'utf8' }).stdout ?? '';

export const hasTerminal = version.includes('util-linux');

/** The demo on a terminal of its own. */
export function startAtTerminal(options: StartOptions, args: readonly string[] = []) {
  const command = [process.execPath, demoProgram, ...args].map((word) => `'${word}'`).join(' ');
  return startDemo([], { ...options, program: [recorder, '-qefc', command, '/dev/null'] });
}
