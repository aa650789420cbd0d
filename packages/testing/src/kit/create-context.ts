import { createTestClock, type TestClock } from '../test-clock.js';

/** What the factory of a plugin is given, anew for each case. */
export interface CreateContext {
  /** Time for the plugin: it stands still until the case moves it. */
  readonly clock: TestClock;
  /** Runs when the case is over, last first, whatever its end: closes a server, removes a folder. */
  readonly onEnd: (run: () => void | Promise<void>) => void;
}

/** Makes a context, hands it over, and cleans up after it. */
export async function withContext(use: (context: CreateContext) => Promise<void>): Promise<void> {
  const endings: (() => void | Promise<void>)[] = [];
  try {
    await use({ clock: createTestClock(), onEnd: (run) => void endings.push(run) });
  } finally {
    for (const run of endings.reverse()) await run();
  }
}
