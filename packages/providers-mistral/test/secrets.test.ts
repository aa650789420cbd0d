import { inspect } from 'node:util';
import { createTestClock } from '@loci/testing';
import { mistralFaults } from '@loci/testing/mistral';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, connect, failureOf, key, start } from './harness.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Everything that a log or a debugger could show of a value. */
function everything(value: unknown): string {
  const seen = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const stack =
    value instanceof Error
      ? `${value.stack} ${String(value)} ${inspect(value.cause, { depth: 20, showHidden: true })}`
      : '';
  return `${seen} ${stack} ${JSON.stringify(value)}`;
}

describe('the key', () => {
  it('is not in the model', async () => {
    const server = await start();
    const model = connect(server);
    await model.generate(ask('hi'));
    expect(everything(model)).not.toContain(key);
  });

  it.each(mistralFaults)('is in no error and no log: %s', async (fault) => {
    const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    const outcome = connect(server, { clock, headers: { 'x-gateway-key': 'hush-hush-hush' } })
      .generate({ ...ask('hi'), tools: [{ name: 't', description: '', inputSchema: {} }] })
      .catch((error: unknown) => error);
    await Promise.race([outcome, server.whenHeld()]);
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await clock.advance(300_000);
    const shown = everything(await outcome);
    expect(shown).not.toContain(key);
    expect(shown).not.toContain('hush-hush-hush');
    expect(logged.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });

  it('is taken out of what the server repeats: message, code and request id', async () => {
    const server = await start();
    server.setFault('echo-key');
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error).toMatchObject({
      kind: 'auth',
      status: 401,
      providerCode: 'code-[secret]',
      requestId: 'id-[secret]',
    });
    expect(error.message).toBe('mistral answered 401: Unauthorized: [secret].');
  });

  it('is refused where a header cannot carry it, without being shown', async () => {
    const server = await start();
    const error = await failureOf(connect(server, { apiKey: 'broken\nkey-0123456789' }).generate(ask('hi')));
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
