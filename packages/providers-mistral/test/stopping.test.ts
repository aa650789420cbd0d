import { createTestClock } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { ask, connect, failureOf, start } from './harness.js';

describe('a call', () => {
  it('stops waiting for the function that gives the key', async () => {
    const server = await start();
    const controller = new AbortController();
    const failed = failureOf(
      connect(server, { apiKey: () => new Promise(() => {}) }).generate(ask('hi'), {
        signal: controller.signal,
      }),
    );
    controller.abort();
    expect(await failed).toMatchObject({ kind: 'aborted' });
  });

  it('is limited by the settings, the call’s own limits winning', async () => {
    const clock = createTestClock();
    const server = await start();
    server.setFault('silent', { times: 2 });
    const model = connect(server, { clock, timeouts: { headersMs: 10 } });
    const byCall = failureOf(model.generate(ask('hi'), { timeouts: { headersMs: 100 } }));
    await server.whenHeld();
    await clock.advance(99);
    expect(server.openConnections()).toBe(1);
    await clock.advance(1);
    expect((await byCall).message).toContain('100 ms');
  });
});
