import type { Backend, Listening, Row, Run } from './backend.js';
import type { PostgresPool, PostgresPoolClient } from './clients.js';
import { step } from './steps.js';

/** The pools that a backend works on. */
export interface Pools {
  /** For statements. */
  connect(): Promise<PostgresPoolClient>;
  /** For the one connection that listens. */
  connectListener(): Promise<PostgresPoolClient>;
  close(): Promise<void>;
}

/** A pool that was given: it lends the connection that listens, too, and is never closed here. */
export function lendFrom(pool: PostgresPool): Pools {
  const connect = () => pool.connect();
  return { connect, connectListener: connect, close: async () => {} };
}

export function createPoolBackend(pools: Pools): Backend {
  return {
    alwaysNotify: false,
    query: (text, values, end) =>
      borrow(pools, end, (run) => {
        step('before-query');
        const answer = run(text, values);
        step('after-query');
        return answer;
      }),
    transaction: (work, end) =>
      borrow(pools, end, async (run) => {
        await run('begin isolation level read committed');
        try {
          const result = await work(run);
          await run('commit');
          return result;
        } catch (error) {
          // The first error is the one to report; a connection that cannot roll back is closed by its pool.
          await run('rollback').catch(() => {});
          throw error;
        }
      }),
    listen: (listening) => listen(pools, listening),
    close: () => pools.close(),
  };
}

/** Lends a connection to `work`. It is closed where `end` is aborted before the work is done, or the connection fails. */
async function borrow<T>(pools: Pools, end: AbortSignal, work: (run: Run) => Promise<T>): Promise<T> {
  end.throwIfAborted();
  const client = await pools.connect();
  let given = true;
  const giveBack = (destroy: boolean) => {
    if (!given) return;
    given = false;
    client.off('error', onError);
    end.removeEventListener('abort', onAbort);
    client.release(destroy);
  };
  // An error of the connection also fails the statement under way; without a listener it would end the process.
  const onError = () => {};
  const onAbort = () => giveBack(true);
  client.on('error', onError);
  end.addEventListener('abort', onAbort);
  if (end.aborted) giveBack(false);
  end.throwIfAborted();
  try {
    const result = await work(async (text, values = []) => {
      const { rows } = await client.query(text, [...values]);
      return rows as readonly Row[];
    });
    giveBack(false);
    return result;
  } catch (error) {
    // Only what the server itself refused leaves the connection as it was.
    giveBack(!isAnswer(error));
    throw error;
  }
}

/** Whether the server answered with an error, and goes on. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR';
}

async function listen(pools: Pools, { channel, prepare, onMessage, end }: Listening) {
  const client = await pools.connectListener();
  const { promise: lost, resolve } = Promise.withResolvers<unknown>();
  let given = true;
  const hangUp = (reason: unknown) => {
    if (!given) return;
    given = false;
    end.removeEventListener('abort', onAbort);
    resolve(reason);
    // Closed and not given back, because it would go on listening.
    client.release(true);
  };
  const onAbort = () => hangUp(end.reason);
  client.on('error', hangUp);
  client.on('end', () => hangUp(new Error('the connection was closed')));
  client.on('notification', (message) => {
    if (message.channel === channel) onMessage(message.payload ?? '');
  });
  end.addEventListener('abort', onAbort);
  if (end.aborted) onAbort();
  try {
    for (const statement of [`listen ${channel}`, ...prepare]) {
      end.throwIfAborted();
      await client.query(statement);
    }
    return { lost };
  } catch (error) {
    hangUp(error);
    throw error;
  }
}
