import { describe, expect, it } from 'vitest';
import { ask, connect, everything, failureOf, key, start } from './harness.js';

describe('the key', () => {
  it('is taken out of what the server repeats: message, type and request id', async () => {
    const server = await start();
    server.setFault('echo-key');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error).toMatchObject({
      kind: 'auth',
      status: 401,
      providerCode: 'type-[secret]',
      requestId: 'req-[secret]',
    });
    expect(error.message).toBe('anthropic answered 401: invalid API key: [secret].');
  });

  it('is refused where a header cannot carry it, without being shown', async () => {
    const server = await start();
    const error = await failureOf(
      connect(server, { apiKey: 'sk-broken\nkey-0123456789' }).generate(ask('hi')),
    );
    expect(error.kind).toBe('auth');
    expect(everything(error)).not.toContain('0123456789');
    expect(server.requests).toEqual([]);
  });

  it('stays hidden where the client itself fails', async () => {
    const server = await start();
    const failing: typeof fetch = (_, init) =>
      Promise.reject(
        Object.assign(new Error(`cannot send ${JSON.stringify([...new Headers(init?.headers)])}`), { init }),
      );
    const error = await failureOf(connect(server, { fetch: failing }).generate(ask('hi')));
    expect(everything(error)).not.toContain(key);
  });
});
