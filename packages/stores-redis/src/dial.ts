import type { Settings } from './check-options.js';
import type { RedisClient, SubscribingClient } from './client.js';

/** One connection, from the moment that it is made to its end. It never connects again by itself. */
export interface Line<Client> {
  readonly client: Client;
  /** Resolves with the reason when the connection is lost or given up. */
  readonly lost: Promise<unknown>;
  isLost(): boolean;
}

type OwnClient = RedisClient & SubscribingClient;

/** Makes connections; each lives until its signal is aborted, or it is lost. */
export interface Dialer {
  /** The given client, or `undefined` where connections for commands are made here. */
  readonly given: RedisClient | undefined;
  command(end: AbortSignal): Promise<Line<OwnClient>>;
  subscription(end: AbortSignal): Promise<Line<SubscribingClient>>;
}

export function createDialer(settings: Settings): Dialer {
  const { target } = settings;
  if ('socket' in target) {
    const command = (end: AbortSignal) => dial(() => makeClient(settings), end);
    return { given: undefined, command, subscription: command };
  }
  return {
    given: target,
    command: () => Promise.reject(new Error('a client was given')),
    subscription: (end) => dial(async () => target.duplicate(), end),
  };
}

async function makeClient({ target, commandTimeoutMs }: Settings): Promise<OwnClient> {
  if (!('socket' in target)) throw new Error('a client was given');
  const { createClient } = await import('redis');
  const { socket, ...login } = target;
  const limits = { connectTimeout: commandTimeoutMs, reconnectStrategy: false } as const;
  return createClient({
    ...login,
    // The union of the driver tells the kinds of sockets apart by a literal `tls`.
    socket:
      'path' in socket
        ? { ...socket, ...limits }
        : socket.tls
          ? { ...socket, ...limits, tls: true }
          : { host: socket.host, port: socket.port, ...limits },
    // A command fails while there is no connection, and is not sent later behind the caller's back.
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // Every call has a time-out of its own.
    commandOptions: { timeout: 0 },
  });
}

async function dial<Client extends SubscribingClient>(
  make: () => Promise<Client>,
  end: AbortSignal,
): Promise<Line<Client>> {
  const client = await make();
  end.throwIfAborted();
  const { promise: lost, resolve } = Promise.withResolvers<unknown>();
  let over = false;
  const hangUp = (reason: unknown) => {
    if (over) return;
    over = true;
    end.removeEventListener('abort', abort);
    resolve(reason);
    destroy(client);
  };
  const abort = () => hangUp(end.reason);
  client.on('error', hangUp);
  end.addEventListener('abort', abort);
  const connected = client.connect();
  // A socket that was still connecting when it was given up is only there to be destroyed now.
  connected.then(() => over && destroy(client)).catch(() => {});
  try {
    await Promise.race([connected, lost.then((reason) => Promise.reject(reason))]);
    return { client, lost, isLost: () => over };
  } catch (error) {
    hangUp(error);
    throw error;
  }
}

function destroy(client: SubscribingClient): void {
  try {
    client.destroy();
  } catch {
    // Clients throw where there is nothing to destroy.
  }
}
