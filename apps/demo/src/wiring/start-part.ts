import { type StartedProcess, startProcess } from '@loci/testing/servers';

/** Starts another process of a story: a script of `children`, which speaks in lines. It ends with this one at the latest. */
export function startPart(script: string, args: readonly string[]): StartedProcess {
  return startProcess(new URL(`./children/${script}.js`, import.meta.url), args);
}
