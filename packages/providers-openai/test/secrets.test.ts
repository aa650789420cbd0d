import { describe, expect, it } from 'vitest';
import { apis, ask, everything, failureOf, key, start } from './harness.js';

describe.each(apis)('the key in $api', ({ api, connect }) => {
  it('is taken out of what the server repeats: message, code and request id', async () => {
    const server = await start();
    server.setFault('echo-key');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error).toMatchObject({
      kind: 'auth',
      status: 401,
      providerCode: 'code-[secret]',
      requestId: 'req-[secret]',
    });
    expect(error.message).toBe('openai answered 401: Incorrect API key provided: [secret].');
  });

  it('is taken out of a failure inside the answer', async () => {
    const server = await start({
      answer: () => ({ failure: { code: 'server_error', message: `The key ${key} is broken.` } }),
    });
    const outcome: unknown = await connect(server)
      .generate(ask('hi'))
      .catch((error: unknown) => error);
    if (api === 'responses')
      expect(outcome).toMatchObject({ kind: 'server', message: expect.stringContaining('[secret]') });
    expect(everything(outcome)).not.toContain(key);
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
