import { findProgram } from './find-program.js';
import type { TestServer } from './run-server.js';

/** What is needed of vitest: hand over its `it`, `beforeAll` and `afterAll`. */
export interface ServerTestRunner {
  readonly it: (
    title: string,
    options: { readonly timeout: number },
    body: (context: { readonly skip: (when: boolean, reason?: string) => void }) => Promise<void>,
  ) => unknown;
  readonly beforeAll: (run: () => Promise<void>, timeout?: number) => unknown;
  readonly afterAll: (run: () => Promise<void>, timeout?: number) => unknown;
}

const timeoutMs = 30_000;

/**
 * One server for all tests of a file, and an `it` whose tests are reported as skipped, with the reason, where the
 * program is not installed. The returned `it` fits the kits.
 *
 * @example
 * const { it, server } = withServer({ it: test, beforeAll, afterAll }, 'redis-server', startRedis);
 * it('stores', async () => { const store = createRedisStore({ url: server().url }); });
 */
export function withServer<Server extends TestServer>(
  runner: ServerTestRunner,
  program: string,
  start: () => Promise<Server>,
): { readonly it: (title: string, body: () => Promise<void>) => void; readonly server: () => Server } {
  const missing = findProgram(program) === undefined;
  const reason = `the program ${program} is not installed`;
  let running: Server | undefined;
  runner.beforeAll(async () => {
    if (!missing) running = await start();
  }, timeoutMs);
  runner.afterAll(async () => running?.remove(), timeoutMs);
  return {
    it(title, body) {
      runner.it(title, { timeout: timeoutMs }, async ({ skip }) => {
        skip(missing, reason);
        await body();
      });
    },
    server() {
      if (!running) throw new Error(reason);
      return running;
    },
  };
}
