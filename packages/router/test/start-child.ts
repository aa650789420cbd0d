import { type StartedProcess, startProcess } from '@loci/testing/servers';
import { onTestFinished } from 'vitest';

/** Starts a script of `children/` on what was built. It is killed at the end of the test at the latest. */
export function startChild(script: string, ...args: readonly string[]): StartedProcess {
  const child = startProcess(new URL(`./children/${script}`, import.meta.url), args);
  onTestFinished(() => child.kill());
  return child;
}
