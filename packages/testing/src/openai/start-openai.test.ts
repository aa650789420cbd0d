import { afterEach, describe, expect, it } from 'vitest';
import type { OpenAIServerOptions } from './server-options.js';
import { type OpenAIServer, startOpenAI } from './start-openai.js';

let server: OpenAIServer | undefined;

async function start(options?: OpenAIServerOptions): Promise<OpenAIServer> {
  server = await startOpenAI(options);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const question = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'My dog is called Rex. What is my dog called?' }],
};

function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${url}/chat/completions`, { method: 'POST', body: text, ...init });
}

/** The data of each event of a stream. */
async function events(response: Response): Promise<string[]> {
  return (await response.text())
    .split('\n\n')
    .flatMap((block) => /^(?:event: .*\n)?data: (.*)$/.exec(block)?.[1] ?? []);
}

describe('startOpenAI in Responses', () => {
  const ask = (url: string, body: object) =>
    fetch(`${url}/responses`, { method: 'POST', body: JSON.stringify({ model: 'gpt-5.4', ...body }) });
  const input = [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: 'My dog is called Rex. What is my dog called?' },
  ];

  it('answers as it does in Chat Completions', async () => {
    const { url } = await start();
    expect(await (await ask(url, { input })).json()).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'stand-in-quoting',
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'My dog is called Rex.' }] }],
    });
  });

  it('shows the answer function the request as Chat Completions would have it', async () => {
    let seen: unknown;
    const { url } = await start({
      answer: (body) => {
        seen = body;
        return 'ok';
      },
    });
    const call = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'a', output: 'sunny' };
    const tools = [{ type: 'function', name: 'f', parameters: null, strict: null }];
    await ask(url, { input: [...input, call, output], tools, max_output_tokens: 20 });
    expect(seen).toMatchObject({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      ],
      tools: [{ type: 'function', function: { name: 'f' } }],
      max_completion_tokens: 20,
    });
  });

  it('encrypts reasoning where that is asked for, and takes back only the finished item', async () => {
    const { url } = await start({ answer: () => ({ reasoning: 'hm', text: 'Yes.' }) });
    expect(await (await ask(url, { input })).text()).not.toContain('encrypted_content');
    const streamed = await events(
      await ask(url, { input, stream: true, include: ['reasoning.encrypted_content'] }),
    );
    const items = streamed
      .map(
        (event) => JSON.parse(event) as { readonly type: string; readonly item?: { readonly type: string } },
      )
      .filter(({ item }) => item?.type === 'reasoning');
    expect(items.map(({ type }) => type)).toEqual([
      'response.output_item.added',
      'response.output_item.done',
    ]);
    const after = items.map(({ item }) =>
      ask(url, { input: [item, { role: 'assistant', content: 'Yes.' }] }),
    );
    expect((await Promise.all(after)).map(({ status }) => status)).toEqual([400, 200]);
  });
});

describe('startOpenAI', () => {
  it('answers by quoting the prompt, and says that it is a stand-in', async () => {
    const { url, requests } = await start();
    const response = await post(url, question);
    expect(response.headers.get('x-request-id')).toBe('req_000000000001');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('9999');
    expect(await response.json()).toMatchObject({
      model: 'stand-in-quoting',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'My dog is called Rex.', refusal: null },
        },
      ],
    });
    expect(requests).toMatchObject([{ method: 'POST', path: '/v1/chat/completions', body: question }]);
  });

  it('streams the role, fragments, a finish, usage only where it was asked for, and the end marker', async () => {
    const { url } = await start({ answer: () => 'one two' });
    const plain = await events(await post(url, { ...question, stream: true }));
    const chunks = plain.slice(0, -1).map((text) => JSON.parse(text));
    expect(plain.at(-1)).toBe('[DONE]');
    expect(chunks.map((chunk) => chunk.choices[0].delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'one ' },
      { content: 'two' },
      {},
    ]);
    expect(chunks.map((chunk) => chunk.choices[0].finish_reason)).toEqual([null, null, null, 'stop']);
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);

    const withUsage = await events(
      await post(url, { ...question, stream: true, stream_options: { include_usage: true } }),
    );
    expect(JSON.parse(withUsage.at(-2) ?? '')).toMatchObject({
      choices: [],
      usage: { completion_tokens: 2, prompt_tokens_details: { cached_tokens: 0 } },
    });
  });

  it('sends tool calls whole in plain answers and in fragments by index in streams', async () => {
    const tools = ['a', 'b'].map((name) => ({
      type: 'function',
      function: { name, parameters: { type: 'object' } },
    }));
    const calls = [
      { name: 'a', arguments: { city: 'Porto', days: 3 }, id: 'call_1' },
      { name: 'b', arguments: {}, id: 'call_2' },
    ];
    const { url } = await start({
      answer: () => ({ toolCalls: calls, cachedTokens: 2, reasoningTokens: 5 }),
    });
    const plain = await (await post(url, { ...question, tools })).json();
    expect(plain.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ id: 'call_1' }, { id: 'call_2' }] },
    });
    expect(plain.usage).toMatchObject({
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 5 },
    });

    const chunks = (await events(await post(url, { ...question, tools, stream: true })))
      .slice(0, -1)
      .map((text) => JSON.parse(text));
    const fragments = chunks.flatMap((chunk) => chunk.choices[0].delta.tool_calls ?? []);
    expect(fragments[0]).toEqual({
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: 'a', arguments: '' },
    });
    const argumentsOf = (index: number) =>
      fragments
        .filter((fragment) => fragment.index === index)
        .map((fragment) => fragment.function.arguments)
        .join('');
    expect([JSON.parse(argumentsOf(0)), JSON.parse(argumentsOf(1))]).toEqual([
      { city: 'Porto', days: 3 },
      {},
    ]);
  });

  it('answers JSON where a schema asks for it', async () => {
    const { url } = await start();
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
    };
    const body = {
      ...question,
      response_format: { type: 'json_schema', json_schema: { name: 'pet', schema } },
    };
    const answered = await (await post(url, body)).json();
    expect(JSON.parse(answered.choices[0].message.content)).toEqual({
      name: 'My dog is called Rex.',
      age: 0,
    });
  });

  it('cuts at the maximum of tokens', async () => {
    const { url } = await start({ answer: () => 'a'.repeat(100) });
    const answered = await (await post(url, { ...question, max_completion_tokens: 5 })).json();
    expect(answered.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: 'a'.repeat(20) },
    });
  });

  it('lists its models', async () => {
    const { url } = await start({ models: ['gpt-4o', 'o3'] });
    expect(
      (await (await fetch(`${url}/models`)).json()).data.map((model: { id: string }) => model.id),
    ).toEqual(['gpt-4o', 'o3']);
  });

  it('refuses wrong keys, models, paths, methods and bodies as the vendor does', async () => {
    const { url, requests } = await start({
      apiKey: 'sk-right-right-right',
      models: ['gpt-4o'],
      contextWindow: 50,
    });
    const authorized = { headers: { authorization: 'Bearer sk-right-right-right' } };
    const refusals = [
      await post(url, question),
      await post(url, question, { headers: { authorization: 'Bearer sk-wrong-wrong-wrong' } }),
      await post(url, { ...question, model: 'gpt-9000' }, authorized),
      await post(url, { ...question, temperature: 9 }, authorized),
      await post(url, '{"model":', authorized),
      await post(
        url,
        { ...question, messages: [{ role: 'user', content: 'long '.repeat(100) }] },
        authorized,
      ),
      await fetch(`${url}/nothing`, authorized),
      await fetch(`${url}/chat/completions`, authorized),
    ];
    expect(refusals.map((refusal) => refusal.status)).toEqual([401, 401, 404, 400, 400, 400, 404, 405]);
    const bodies = await Promise.all(refusals.map((refusal) => refusal.json()));
    expect(bodies.map((body) => body.error.code)).toEqual([
      null,
      'invalid_api_key',
      'model_not_found',
      'decimal_above_max_value',
      null,
      'context_length_exceeded',
      null,
      'method_not_supported',
    ]);
    expect(JSON.stringify(bodies)).not.toContain('sk-wrong-wrong-wrong');
    expect(requests.every((request) => request.rejected)).toBe(true);
  });

  it('lets a fault come after as many pieces of an answer as is wanted', async () => {
    const { url, setFault } = await start({ answer: () => 'one two three four', faultAfter: 3 });
    setFault('cut');
    const received = await events(await post(url, { ...question, stream: true }));
    expect(received.join('')).toContain('three');
    expect(received.join('')).not.toContain('four');
  });

  it('comes back where it was, and says that a port is taken', async () => {
    const first = await startOpenAI();
    const port = Number(new URL(first.url).port);
    await expect(startOpenAI({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    expect((await start({ port })).url).toBe(first.url);
  });

  it('says what its answer function threw', async () => {
    const { url } = await start({
      answer: () => {
        throw new Error('broken script');
      },
    });
    const response = await post(url, question);
    expect([response.status, (await response.json()).error.message]).toEqual([
      500,
      expect.stringContaining('broken script'),
    ]);
  });
});
