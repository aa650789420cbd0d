// What the vendor's SDK does by itself, and what must come of it here, in both of its APIs.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { apis, ask, failureOf, start } from './harness.js';

describe.each(apis)('traps of the vendor’s SDK in $api', ({ connect }) => {
  it.each([
    ['500 with x-should-retry', 500, { 'x-should-retry': 'true' }],
    ['429 with a Retry-After of two minutes, which it would not wait out', 429, { 'retry-after': '120' }],
    ['408, which it takes for one to try again', 408, {}],
    ['409, which it takes for one to try again', 409, {}],
  ])('it is not asked whether to try again: %s', async (_, status, headers: Record<string, string>) => {
    let requests = 0;
    const refuse: typeof fetch = async () => {
      requests += 1;
      return new Response('{}', { status, headers });
    };
    const server = await start();
    await failureOf(connect(server, { fetch: refuse }).generate(ask('hi')));
    expect(requests).toBe(1);
  });

  it('it takes a time-out of the caller for an abort, and so it is: with the reason that the caller had', async () => {
    const server = await start();
    server.setFault('silent');
    const error = await failureOf(connect(server).generate(ask('hi'), { signal: AbortSignal.timeout(5) }));
    expect(error).toMatchObject({ kind: 'aborted', retry: 'none', cause: { name: 'TimeoutError' } });
  });

  it('its stream ends without a word after an abort: it is `aborted`, also after a garbage collection', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const server = await start({ answer: () => 'one two three' });
    server.setFault('stall');
    const controller = new AbortController();
    const read = async () => {
      for await (const event of connect(server).stream(ask('hi'), { signal: controller.signal }))
        if (event.type === 'text-delta')
          setImmediate(() => {
            collect();
            controller.abort();
          });
    };
    expect(await failureOf(read())).toMatchObject({ kind: 'aborted', partial: {} });
  });

  it.each([
    ['cut', 'truncated'],
    ['empty-stream', 'truncated'],
    ['html', 'server'],
    ['html-as-stream', 'truncated'],
  ] as const)('it ends as a success what is none: %s is %s', async (fault, kind) => {
    const server = await start({ answer: () => 'one two three' });
    server.setFault(fault);
    expect((await failureOf(connect(server).generate(ask('hi')))).kind).toBe(kind);
  });

  it('all of its errors are called `Error`: they are known by what they hold, and ours have a name', async () => {
    const server = await start({ apiKey: 'another' });
    const error = await failureOf(connect(server).generate(ask('hi')));
    expect(error).toMatchObject({ name: 'ModelError', kind: 'auth', status: 401 });
    expect(error.requestId).toMatch(/^req_/);
  });

  it('it prints requests where OPENAI_LOG asks for it: nothing is printed', async () => {
    const methods = ['log', 'debug', 'info', 'warn', 'error'] as const;
    const printed = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}));
    vi.stubEnv('OPENAI_LOG', 'debug');
    try {
      const server = await start();
      server.setFault('rate-limit');
      await failureOf(connect(server).generate(ask('hi')));
      await connect(server).generate(ask('hi'));
      for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    } finally {
      vi.unstubAllEnvs();
      for (const spy of printed) spy.mockRestore();
    }
  });

  it('a stream is read to its end, so that the connection is used again', async () => {
    const server = await start();
    const model = connect(server);
    for (let call = 0; call < 5; call++) await model.generate(ask('hi'));
    const closed = await Promise.all(server.requests.map(({ closedByClient }) => closedByClient));
    expect(closed).toEqual([false, false, false, false, false]);
  });
});
