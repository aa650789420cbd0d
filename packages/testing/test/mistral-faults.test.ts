import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MistralFault, type MistralServer, mistralFaults, startMistral } from '../src/mistral.js';

let server: MistralServer;

beforeEach(async () => {
  server = await startMistral({ answer: () => 'one two three' });
});

afterEach(() => server.close());

function post(stream: boolean, init: RequestInit = {}, model = 'mistral-large-2512'): Promise<Response> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], stream });
  return fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body, ...init });
}

/** What a client without any care would take for the answer; throws where even it notices. */
async function read(response: Response) {
  const raw = await response.text();
  const events = raw
    .split('\n\n')
    .flatMap((block) => (block.startsWith('data: {') ? [JSON.parse(block.slice(6))] : []));
  const choices = events.flatMap((event) => event.choices ?? []);
  return {
    text: choices.map((choice) => choice.delta.content ?? '').join(''),
    finish: choices.findLast((choice) => choice.finish_reason !== null)?.finish_reason,
    usage: events.some((event) => event.usage !== undefined),
    done: raw.includes('data: [DONE]'),
  };
}

const whole = { text: 'one two three', finish: 'stop', usage: true, done: true };

describe('faults that refuse', () => {
  const expected: Partial<Record<MistralFault, readonly [status: number, body: object, headers?: object]>> = {
    'rate-limit': [429, { type: 'rate_limited', code: '1300' }, { 'retry-after': '2' }],
    'rate-limit-long': [429, { code: '1300' }, { 'retry-after': '120' }],
    'rate-limit-date': [429, { code: '1300' }, { 'retry-after': expect.stringMatching(/GMT$/) }],
    'rate-limit-silent': [429, { code: '1300' }],
    capacity: [429, { type: 'service_tier_capacity_exceeded' }],
    quota: [402, { type: 'payment_required' }],
    'server-error': [500, { type: 'internal_server_error' }],
    unavailable: [503, { object: 'error' }],
    overloaded: [529, { object: 'error' }],
    unauthorized: [401, { detail: 'Unauthorized' }],
    'context-length': [400, { code: '3051' }],
    'content-policy': [403, { object: 'error' }],
    'message-order': [400, { type: 'invalid_request_message_order', code: '3230' }],
    'function-call': [400, { type: 'invalid_function_call', code: '3280' }],
    validation: [422, { detail: [{ loc: ['body', 'temperature'] }] }],
    'unknown-model': [400, { type: 'invalid_model', code: '1500' }],
  };

  it.each(Object.entries(expected))('%s', async (fault, [status, body, headers = {}]) => {
    server.setFault(fault as MistralFault);
    const response = await post(true);
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(await response.json()).toMatchObject(body);
    expect(await read(await post(true))).toEqual(whole);
  });

  it('repeats the key in body and headers: echo-key', async () => {
    server.setFault('echo-key');
    const response = await post(false, { headers: { authorization: 'Bearer my-own-key' } });
    expect(response.headers.get('mistral-correlation-id')).toBe('id-my-own-key');
    expect((await response.json()).message).toContain('my-own-key');
  });
});

describe('faults of answers', () => {
  it('are pages and nothing with status 200', async () => {
    for (const fault of ['html', 'html-as-stream', 'empty', 'empty-stream', 'bad-gateway'] as const)
      server.setFault(fault);
    const responses = [];
    for (const stream of [true, true, false, true, true]) responses.push(await post(stream));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 502]);
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(texts.map((text) => text.slice(0, 9))).toEqual(['<!DOCTYPE', '<!DOCTYPE', '', '', '<!DOCTYPE']);
  });

  it.each([
    ['cut', { text: 'one ', finish: undefined, usage: false, done: false }],
    ['no-finish', { ...whole, finish: undefined, usage: false }],
    ['no-done', { ...whole, done: false }],
    ['no-usage', { ...whole, usage: false }],
    ['empty-stream', { text: '', finish: undefined, usage: false, done: false }],
    ['length', { ...whole, finish: 'length' }],
    ['model-length', { ...whole, finish: 'model_length' }],
    ['finish-error', { ...whole, finish: 'error' }],
    ['deprecated', whole],
  ] as const)('leave out or say what they are named for: %s', async (fault, left) => {
    server.setFault(fault);
    const response = await post(true);
    expect(response.headers.has('x-model-deprecation-timestamp')).toBe(fault === 'deprecated');
    expect(await read(response)).toEqual(left);
  });

  it('are chunks that are no JSON, garbage, errors inside and calls that are cut', async () => {
    for (const fault of ['malformed-chunk', 'garbage-chunk', 'error-frame', 'error-frame-first'] as const)
      server.setFault(fault);
    await expect(post(true).then(read)).rejects.toThrow(SyntaxError);
    expect(await (await post(true)).text()).toContain('{"choices":"none","id":7}');
    expect(await (await post(true)).text()).toMatch(/"one ".*data: {"object":"error"/s);
    expect(await (await post(true)).text()).toMatch(/^data: {"object":"error"/);
    server.setFault('error-frame');
    expect(await (await post(false)).json()).toMatchObject({ object: 'error' });
    server.setFault('malformed-arguments');
    const [call] = (await (await post(false)).json()).choices[0].message.tool_calls;
    expect(() => JSON.parse(call.function.arguments)).toThrow(SyntaxError);
  });

  it('break the connection before the headers and inside the answer', async () => {
    server.setFault('reset-before-headers');
    server.setFault('reset-mid-stream');
    await expect(post(true)).rejects.toThrow('fetch failed');
    await expect(post(true).then(read)).rejects.toThrow('terminated');
    expect(server.openConnections()).toBe(0);
  });
});

describe('faults that hold', () => {
  it.each(['silent', 'slow-first-token', 'stall', 'stall-after-finish'] as const)(
    'go on when they are released: %s',
    async (fault) => {
      server.setFault(fault);
      const reading = post(true).then(read);
      await server.whenHeld();
      expect(server.openConnections()).toBe(1);
      server.release();
      expect(await reading).toEqual(whole);
      expect(await server.requests[0]?.closedByClient).toBe(false);
    },
  );

  it('let go one piece at a time: drip', async () => {
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

  it('see that the client went away', async () => {
    server.setFault('silent');
    const controller = new AbortController();
    const answered = post(true, { signal: controller.signal });
    await server.whenHeld();
    controller.abort();
    await expect(answered).rejects.toThrow();
    expect(await server.requests[0]?.closedByClient).toBe(true);
  });
});

describe('setFault', () => {
  it('befalls the next request only, so many as it says, or those of one model', async () => {
    server.setFault('server-error');
    server.setFault('overloaded', { times: 2 });
    server.setFault('quota', { times: Number.POSITIVE_INFINITY, model: 'b' });
    const found: number[] = [];
    for (const model of ['a', 'a', 'a', 'a', 'b', 'b', 'a'])
      found.push((await post(false, {}, model)).status);
    expect(found).toEqual([500, 529, 529, 200, 402, 402, 200]);
    server.clearFaults();
    expect((await post(false, {}, 'b')).status).toBe(200);
    expect(new Set(mistralFaults).size).toBe(mistralFaults.length);
  });
});
