import { ModelError } from '@loci/core';
import type { Answering } from '../wiring/vendors.js';
import type { Dialogue } from './dialogue.js';
import { explain } from './explain.js';
import { note, warn } from './output.js';
import { UsageError } from './usage-error.js';

/** Runs a task that Ctrl-C can stop. Resolves false, and says why, where it failed or was stopped. */
export async function attempt(
  dialogue: Dialogue,
  vendor: Answering,
  task: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  try {
    await dialogue.during(task);
    return true;
  } catch (error) {
    const isAnswering = dialogue.interactive && !(error instanceof UsageError);
    // Half an answer stands on the line, or at least who gives it.
    if (isAnswering || (ModelError.isInstance(error) && error.partial)) note();
    if (ModelError.isInstance(error) && error.kind === 'aborted') note('Stopped. This turn is not kept.');
    else warn(explain(error, vendor));
    return false;
  }
}
