import type { CallOptions, ChatModel } from '@loci/core';
import { createTestClock } from '@loci/testing';
import type { MistralFault } from '@loci/testing/mistral';
import { describe, expect, it } from 'vitest';
import { ask, connect, failureOf, start } from './harness.js';

/** Reads a stream to its end; `onContent` runs at the first delta. */
async function readAll(model: ChatModel, options: CallOptions, onContent = () => {}): Promise<void> {
  for await (const event of model.stream(ask('hi'), options)) if (event.type === 'text-delta') onContent();
}

describe('the caller’s signal', () => {
  it('stops a call that has not begun, without any request', async () => {
    const server = await start();
    expect(
      await failureOf(connect(server).generate(ask('hi'), { signal: AbortSignal.abort() })),
    ).toMatchObject({ kind: 'aborted' });
    expect(server.requests).toEqual([]);
  });

  it.each<[string, MistralFault]>([
    ['before the headers', 'silent'],
    ['before the first content', 'slow-first-token'],
  ])('stops a call %s and closes the connection', async (_, fault) => {
    const server = await start();
    server.setFault(fault);
    const controller = new AbortController();
    const failed = failureOf(readAll(connect(server), { signal: controller.signal }));
    await server.whenHeld();
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await failed).toMatchObject({ kind: 'aborted', retry: 'none', cause: reason });
    expect(await server.requests[0]?.closedByClient).toBe(true);
    expect(server.openConnections()).toBe(0);
  });

  it('stops a stream after its first content, with what had been received', async () => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const controller = new AbortController();
    const error = await failureOf(
      readAll(connect(server), { signal: controller.signal }, () => controller.abort()),
    );
    expect(error).toMatchObject({ kind: 'aborted', partial: { content: [{ type: 'text', text: 'one ' }] } });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

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
});

describe('leaving the loop', () => {
  it('closes the connection', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    for await (const event of connect(server, { clock }).stream(ask('hi')))
      if (event.type === 'text-delta') break;
    expect(await server.requests[0]?.closedByClient).toBe(true);
    expect([server.openConnections(), clock.pending()]).toEqual([0, []]);
  });
});

describe('time', () => {
  it.each<[string, MistralFault, CallOptions]>([
    ['headers', 'silent', { timeouts: { headersMs: 1000 } }],
    ['first content', 'slow-first-token', { timeouts: { firstContentMs: 1000, headersMs: 5000 } }],
    ['the whole call', 'silent', { timeouts: { totalMs: 1000, headersMs: 5000 } }],
  ])('is limited for %s, and closes the connection', async (_, fault, options) => {
    const clock = createTestClock();
    const server = await start();
    server.setFault(fault);
    const failed = failureOf(readAll(connect(server, { clock }), options));
    await server.whenHeld();
    await clock.advance(999);
    expect(server.openConnections()).toBe(1);
    await clock.advance(1);
    expect(await failed).toMatchObject({ kind: 'timeout', scope: 'model', retry: 'other' });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it('is limited between two events', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const begun = Promise.withResolvers<void>();
    const failed = failureOf(
      readAll(connect(server, { clock }), { timeouts: { idleMs: 1000 } }, begun.resolve),
    );
    await begun.promise;
    await clock.advance(1000);
    expect(await failed).toMatchObject({ kind: 'timeout', partial: { content: [{ text: 'one ' }] } });
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });

  it('is not limited by the idle clock before content, nor by the first-content clock after it', async () => {
    const clock = createTestClock();
    const server = await start({ answer: () => 'one two three' });
    server.setFault('slow-first-token');
    server.setFault('stall');
    const model = connect(server, { clock, timeouts: { idleMs: 100, firstContentMs: 1000 } });
    const slow = readAll(model, {});
    await server.whenHeld();
    await clock.advance(900);
    server.release();
    await slow;

    const begun = Promise.withResolvers<void>();
    const stalled = readAll(model, { timeouts: { idleMs: 5000, firstContentMs: 1000 } }, begun.resolve);
    await begun.promise;
    await clock.advance(2000);
    server.release();
    await stalled;
  });

  it('ends at the deadline', async () => {
    const clock = createTestClock();
    const server = await start();
    server.setFault('silent');
    const failed = failureOf(
      connect(server, { clock }).generate(ask('hi'), { deadlineAt: clock.now() + 500 }),
    );
    await server.whenHeld();
    await clock.advance(500);
    expect(await failed).toMatchObject({ kind: 'deadline', retry: 'none' });
    expect(await server.requests[0]?.closedByClient).toBe(true);

    const late = failureOf(connect(server, { clock }).generate(ask('hi'), { deadlineAt: clock.now() - 1 }));
    expect(await late).toMatchObject({ kind: 'deadline' });
    expect(server.requests).toHaveLength(1);
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
