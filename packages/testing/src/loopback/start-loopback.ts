import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performPlan } from './perform-plan.js';
import type { Plan } from './plan.js';

/** How many requests a fault befalls, and which. */
export interface FaultOptions {
  /** How many requests it befalls; `Infinity` for all. @default 1 */
  readonly times?: number;
  /** Only requests for this model. @default all */
  readonly model?: string;
}

/** What every loopback vendor is, whatever it speaks. */
export interface LoopbackServer<Fault extends string, Recorded> {
  /** Without a path. */
  readonly origin: string;
  readonly requests: readonly Recorded[];
  setFault(fault: Fault, options?: FaultOptions): void;
  clearFaults(): void;
  whenHeld(): Promise<void>;
  release(): void;
  openConnections(): number;
  close(): Promise<void>;
}

/** What a dialect makes of one request. */
export interface Handling<Recorded> {
  /** What is remembered of the request; the server adds what became of it. */
  record(closedByClient: Promise<boolean>): Recorded;
  /** Asked once the request is recorded; `count` is its number. */
  plan(count: number, response: ServerResponse): Promise<Plan>;
}

/** A server on the loopback interface with faults, holds and a record of what arrived. */
export async function startLoopback<Fault extends string, Recorded>(
  handle: (
    request: IncomingMessage,
    takeFault: (model: string) => Fault | undefined,
  ) => Promise<Handling<Recorded>>,
  listenOn = 0,
): Promise<LoopbackServer<Fault, Recorded>> {
  const requests: Recorded[] = [];
  let faults: { readonly fault: Fault; readonly model: string | undefined; times: number }[] = [];
  const held = new Set<() => void>();
  let onHeld: (() => void)[] = [];
  let open = 0;

  const hold = async (gone: Promise<void>) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    held.add(release);
    for (const resolve of onHeld.splice(0)) resolve();
    await Promise.race([released, gone]);
    held.delete(release);
  };

  const takeFault = (model: string): Fault | undefined => {
    const found = faults.find((candidate) => candidate.model === undefined || candidate.model === model);
    if (found) found.times -= 1;
    faults = faults.filter(({ times }) => times > 0);
    return found?.fault;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const { promise: closedByClient, resolve: settle } = Promise.withResolvers<boolean>();
    const handling = await handle(request, takeFault);
    requests.push(handling.record(closedByClient));
    const plan = await handling.plan(requests.length, response);
    settle(!(await performPlan(plan, response, hold)));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(listenOn, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    setFault(fault, { times = 1, model } = {}) {
      faults.push({ fault, model, times });
    },
    clearFaults() {
      faults = [];
    },
    whenHeld: () =>
      held.size > 0 ? Promise.resolve() : new Promise<void>((resolve) => onHeld.push(resolve)),
    release() {
      for (const release of held) release();
    },
    openConnections: () => open,
    async close() {
      onHeld = [];
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
