import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server at which one can be stopped: on the way there, or on the way back. */
export interface Gate {
  readonly port: number;
  /**
   * Lets so many pieces of a conversation pass, and holds what comes next for good: a request before the server has it,
   * or an answer before the client has it. Resolves when something is held.
   */
  hold(what: 'request' | 'answer', after: number): Promise<void>;
}

/** Opens a gate in front of a port of this machine. */
export async function startGate(target: number): Promise<Gate> {
  let holding: { what: 'request' | 'answer'; left: number; held: () => void } | undefined;
  /** Whether this piece may pass. */
  const passes = (what: 'request' | 'answer') => {
    if (holding?.what !== what) return true;
    if (holding.left-- > 0) return true;
    holding.held();
    return false;
  };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const end of [client, upstream]) end.on('error', () => {});
    client.on('data', (piece) => passes('request') && upstream.write(piece));
    upstream.on('data', (piece) => passes('answer') && client.write(piece));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    port: (server.address() as AddressInfo).port,
    hold(what, after) {
      return new Promise((held) => {
        holding = { what, left: after, held };
      });
    },
  };
}
