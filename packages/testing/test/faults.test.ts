import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAIFault, type OpenAIServer, openAIFaults, startOpenAI } from '../src/openai.js';

let server: OpenAIServer;

beforeEach(async () => {
  server = await startOpenAI({ answer: () => 'one two three' });
});

afterEach(() => server.close());

function post(stream: boolean, init: RequestInit = {}, model = 'gpt-4o'): Promise<Response> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], stream });
  return fetch(`${server.url}/chat/completions`, { method: 'POST', body, ...init });
}

/** What a client without any care would take for the answer; throws where even it notices. */
async function read(
  response: Response,
): Promise<{ readonly text: string; readonly finished: boolean; readonly done: boolean }> {
  const raw = await response.text();
  const events = raw
    .split('\n\n')
    .flatMap((block) => (block.startsWith('data: {') ? [JSON.parse(block.slice(6))] : []));
  const choices = events.flatMap((event) => event.choices ?? []);
  return {
    text: choices.map((choice) => choice.delta.content ?? '').join(''),
    finished: choices.some((choice) => choice.finish_reason !== null),
    done: raw.includes('data: [DONE]'),
  };
}

const whole = { text: 'one two three', finished: true, done: true };

describe('faults that are answers', () => {
  const expected: Partial<
    Record<OpenAIFault, readonly [status: number, code: string | null, headers?: object]>
  > = {
    'rate-limit': [429, 'rate_limit_exceeded', { 'retry-after': '2' }],
    'rate-limit-long': [429, 'rate_limit_exceeded', { 'retry-after': '120' }],
    'rate-limit-ms': [429, 'rate_limit_exceeded', { 'retry-after-ms': '1500' }],
    'rate-limit-date': [429, 'rate_limit_exceeded', { 'retry-after': expect.stringMatching(/GMT$/) }],
    'rate-limit-silent': [429, 'rate_limit_exceeded'],
    quota: [429, 'insufficient_quota'],
    'server-error': [500, null],
    unavailable: [503, null],
    overloaded: [529, null],
    unauthorized: [401, 'invalid_api_key'],
    'context-length': [400, 'context_length_exceeded'],
    'content-policy': [400, 'content_policy_violation'],
  };

  it.each(Object.entries(expected))('%s', async (fault, [status, code, headers = {}]) => {
    server.setFault(fault as OpenAIFault);
    const response = await post(true);
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect((await response.json()).error).toMatchObject({
      message: expect.any(String),
      type: expect.any(String),
      code,
    });
    expect(await read(await post(true))).toEqual(whole);
  });

  it('answers pages and nothing with status 200', async () => {
    for (const fault of ['html', 'html-as-stream', 'empty', 'empty-stream'] as const) server.setFault(fault);
    const responses = [await post(false), await post(true), await post(false), await post(true)];
    expect(responses.map((response) => response.status)).toEqual([200, 200, 200, 200]);
    expect(responses.map((response) => response.headers.get('content-type')?.split(';')[0])).toEqual([
      'text/html',
      'text/event-stream',
      'application/json',
      'text/event-stream',
    ]);
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(texts.map((text) => text.slice(0, 9))).toEqual(['<!DOCTYPE', '<!DOCTYPE', '', '']);
  });

  it('repeats the key in body and headers', async () => {
    server.setFault('echo-key');
    const response = await post(false, { headers: { authorization: 'Bearer sk-my-key' } });
    expect(response.headers.get('x-echo')).toBe('sk-my-key');
    expect((await response.json()).error.message).toContain('sk-my-key');
  });
});

describe('faults of streams', () => {
  it.each([
    ['cut', { text: 'one ', finished: false, done: false }],
    ['no-finish', { text: 'one two three', finished: false, done: true }],
    ['no-done', { text: 'one two three', finished: true, done: false }],
    ['empty-stream', { text: '', finished: false, done: false }],
  ] as const)('%s leaves out what it says', async (fault, left) => {
    server.setFault(fault);
    expect(await read(await post(true))).toEqual(left);
  });

  it.each(['content-filter', 'length'] as const)('%s is a finish of its own', async (fault) => {
    server.setFault(fault, { times: 2 });
    const reason = fault.replace('-', '_');
    expect(await (await post(true)).text()).toContain(`"finish_reason":"${reason}"`);
    expect((await (await post(false)).json()).choices[0].finish_reason).toBe(reason);
  });

  it('sends chunks that are no JSON, garbage and errors inside the stream', async () => {
    server.setFault('malformed-chunk');
    server.setFault('garbage-chunk');
    server.setFault('error-frame');
    server.setFault('error-frame-first');
    await expect(read(await post(true))).rejects.toThrow(SyntaxError);
    expect(await (await post(true)).text()).toContain('{"choices":"none","id":7}');
    expect(await (await post(true)).text()).toMatch(/"one ".*data: {"error":{.*"server_error"/s);
    expect(await (await post(true)).text()).toMatch(/^data: {"error"/);
  });

  it('breaks the connection before the headers and inside the answer', async () => {
    server.setFault('reset-before-headers', { times: 2 });
    server.setFault('reset-mid-stream', { times: 2 });
    await expect(post(true)).rejects.toThrow('fetch failed');
    await expect(post(false)).rejects.toThrow('fetch failed');
    await expect(post(true).then(read)).rejects.toThrow('terminated');
    await expect(post(false).then(read)).rejects.toThrow('terminated');
    expect(server.openConnections()).toBe(0);
  });
});

describe('faults that hold', () => {
  it('goes on when it is released: silent', async () => {
    server.setFault('silent');
    const answered = post(true);
    await server.whenHeld();
    server.release();
    expect(await read(await answered)).toEqual(whole);
    expect(await server.requests[0]?.closedByClient).toBe(false);
  });

  it('sends headers at once and then nothing: slow-first-token', async () => {
    server.setFault('slow-first-token');
    const response = await post(true);
    await server.whenHeld();
    server.release();
    expect(await read(response)).toEqual(whole);
  });

  it('stops after the first content: stall', async () => {
    server.setFault('stall');
    const response = await post(true);
    await server.whenHeld();
    expect(server.openConnections()).toBe(1);
    server.release();
    expect(await read(response)).toEqual(whole);
    expect(server.openConnections()).toBe(0);
  });

  it('lets go one piece at a time: drip', async () => {
    server.setFault('drip');
    const reading = post(true).then(read);
    let drops = 0;
    for (let done = false; !done; ) {
      done = await Promise.race([reading.then(() => true), server.whenHeld().then(() => false)]);
      if (done) break;
      server.release();
      drops += 1;
      // Released holds leave on a later microtask.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await reading).toEqual(whole);
    expect(drops).toBeGreaterThanOrEqual(6);
  });

  it('sees that the client went away', async () => {
    server.setFault('silent');
    server.setFault('stall');
    for (const index of [0, 1]) {
      const controller = new AbortController();
      const answered = post(true, { signal: controller.signal }).then(read);
      await server.whenHeld();
      controller.abort();
      await expect(answered).rejects.toThrow();
      expect(await server.requests[index]?.closedByClient).toBe(true);
    }
    expect(server.openConnections()).toBe(0);
  });
});

describe('setFault', () => {
  it('befalls the next request only, so many as it says, or those of one model', async () => {
    server.setFault('server-error');
    server.setFault('overloaded', { times: 2 });
    server.setFault('quota', { times: Number.POSITIVE_INFINITY, model: 'o3' });
    const statuses = async (...models: string[]) => {
      const found: number[] = [];
      for (const model of models) found.push((await post(false, {}, model)).status);
      return found;
    };
    expect(await statuses('a', 'a', 'a', 'a', 'o3', 'o3', 'a')).toEqual([500, 529, 529, 200, 429, 429, 200]);
    server.clearFaults();
    expect(await statuses('o3')).toEqual([200]);
    expect(server.requests.map((request) => request.fault)).toEqual([
      'server-error',
      'overloaded',
      'overloaded',
      undefined,
      'quota',
      'quota',
      undefined,
      undefined,
    ]);
  });

  it('closes also while a request is held', async () => {
    server.setFault('silent');
    const answered = post(true).catch((error: unknown) => error);
    await server.whenHeld();
    await server.close();
    expect(await answered).toBeInstanceOf(Error);
  });

  it('has every fault by name', () => {
    expect(openAIFaults).toContain('stall');
    expect(new Set(openAIFaults).size).toBe(openAIFaults.length);
  });
});

describe('faults in Responses', () => {
  const ask = (init: RequestInit = {}) =>
    fetch(`${server.url}/responses`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.4', input: 'hi', stream: true, tools: [tool] }),
      ...init,
    });
  const tool = { type: 'function', name: 'f', parameters: null, strict: null };
  const harmless: readonly OpenAIFault[] = [
    'no-usage',
    'no-done',
    'stall-after-finish',
    'drip',
    'malformed-arguments',
  ];
  const held: readonly OpenAIFault[] = ['silent', 'slow-first-token', 'stall', 'stall-after-finish', 'drip'];

  it('leave the answer as it is without them', async () => {
    expect(await (await ask()).text()).toContain('event: response.completed\n');
  });

  it.each(openAIFaults.filter((fault) => !harmless.includes(fault)))(
    'are never a completed response: %s',
    async (fault) => {
      server.setFault(fault);
      const controller = new AbortController();
      const read = ask({ signal: controller.signal }).then((response) => response.text());
      if (held.includes(fault)) void server.whenHeld().then(() => controller.abort());
      expect(await read.catch(() => 'broken')).not.toContain('response.completed');
    },
  );

  it('announce a failure as an event of its own, and cut answers with their reason', async () => {
    const sent = async (fault: OpenAIFault) => {
      server.setFault(fault);
      return (await ask()).text();
    };
    expect(await sent('error-frame')).toMatch(/event: error\ndata: \{"type":"error","code":"server_error"/);
    expect(await sent('failed')).toContain('event: response.failed\n');
    expect(await sent('length')).toContain('"incomplete_details":{"reason":"max_output_tokens"}');
    expect(await sent('content-filter')).toContain('"incomplete_details":{"reason":"content_filter"}');
    expect(await sent('no-usage')).not.toContain('"usage"');
  });
});
