import type { Backend, Row, Run } from './backend.js';
import type { EmbeddedPostgres } from './clients.js';

/** An embedded PostgreSQL: one session for everything, never closed here. */
export function createEmbeddedBackend(client: EmbeddedPostgres): Backend {
  const runOn =
    (querying: Pick<EmbeddedPostgres, 'query'>): Run =>
    async (text, values = []) =>
      (await querying.query(text, [...values])).rows as readonly Row[];
  return {
    // Its one session does the listening too, and nobody is in the way of the lock that it holds itself.
    alwaysNotify: true,
    async query(text, values, end) {
      end.throwIfAborted();
      return runOn(client)(text, values);
    },
    async transaction(work, end) {
      end.throwIfAborted();
      return client.transaction((transaction) => work(runOn(transaction)));
    },
    async listen({ channel, onMessage, end }) {
      const stop = await client.listen(channel, onMessage);
      const lost = new Promise<unknown>((resolve) => {
        const finish = () => {
          resolve(end.reason);
          // Fails only where the client was closed before, and with it the listening.
          stop().catch(() => {});
        };
        if (end.aborted) finish();
        else end.addEventListener('abort', finish, { once: true });
      });
      return { lost };
    },
    close: async () => {},
  };
}
