import { afterEach, describe, expect, it } from 'vitest';
import { type MistralServer, type MistralServerOptions, startMistral } from '../src/mistral.js';

let server: MistralServer | undefined;

async function start(options?: MistralServerOptions): Promise<MistralServer> {
  server = await startMistral(options);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const question = {
  model: 'mistral-large-2512',
  messages: [{ role: 'user', content: 'My dog is called Rex. What is my dog called?' }],
};
const tools = [{ type: 'function', function: { name: 'a', parameters: {} } }];

function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', body: text, ...init });
}

/** The choices and the usage of each chunk of a stream. */
async function chunks(response: Response) {
  const blocks = (await response.text()).split('\n\n').filter(Boolean);
  expect(blocks.at(-1)).toBe('data: [DONE]');
  return blocks.slice(0, -1).map((block) => JSON.parse(block.slice(6)));
}

describe('startMistral', () => {
  it('answers by quoting the prompt, says that it is a stand-in, and names the call in a header', async () => {
    const { url, requests } = await start();
    const response = await post(url, question);
    expect(response.headers.get('mistral-correlation-id')).toMatch(/-000000000001$/);
    expect(response.headers.get('x-request-id')).toBeNull();
    expect(await response.json()).toMatchObject({
      model: 'stand-in-quoting',
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: 'stop', message: { content: 'My dog is called Rex.' } }],
    });
    expect(requests).toMatchObject([{ method: 'POST', path: '/v1/chat/completions', body: question }]);
  });

  it('streams the role, pieces, and a finish with the usage, and then the end marker', async () => {
    const { url } = await start({ answer: () => 'one two' });
    const all = await chunks(await post(url, { ...question, stream: true }));
    expect(all.map((chunk) => chunk.choices[0])).toMatchObject([
      { delta: { role: 'assistant', content: '' }, finish_reason: null },
      { delta: { content: 'one ' }, finish_reason: null },
      { delta: { content: 'two' }, finish_reason: null },
      { delta: { content: '' }, finish_reason: 'stop' },
    ]);
    expect(all.map((chunk) => chunk.usage?.completion_tokens)).toEqual([undefined, undefined, undefined, 2]);
  });

  it('sends reasoning as thinking chunks and content as a string or a list', async () => {
    const { url } = await start({
      answer: () => ({ reasoning: 'Let me', signature: 's', text: 'Yes', textAsChunks: true }),
    });
    const content = (await (await post(url, question)).json()).choices[0].message.content;
    expect(content).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'Let me' }], signature: 's' },
      { type: 'text', text: 'Yes' },
    ]);
    const all = await chunks(await post(url, { ...question, stream: true }));
    expect(all.flatMap((chunk) => chunk.choices[0].delta.content)).toEqual([
      '',
      { type: 'thinking', thinking: [{ type: 'text', text: 'Let ' }] },
      { type: 'thinking', thinking: [{ type: 'text', text: 'me' }], signature: 's' },
      { type: 'text', text: 'Y' },
      { type: 'text', text: 'es' },
      '',
    ]);
  });

  it('sends tool calls whole, arguments as text or object, and in fragments only where that is asked for', async () => {
    const toolCalls = [
      { name: 'a', arguments: { city: 'Porto', days: 3 } },
      { name: 'a', arguments: '{}', id: null },
    ];
    let callsInPieces = false;
    const { url } = await start({ answer: () => ({ toolCalls, callsInPieces }) });
    const deltas = async () =>
      (await chunks(await post(url, { ...question, tools, stream: true }))).flatMap(
        (chunk) => chunk.choices[0].delta.tool_calls ?? [],
      );
    const whole = await deltas();
    expect(whole).toEqual([
      {
        id: expect.stringMatching(/^[a-zA-Z0-9]{9}$/),
        type: 'function',
        function: { name: 'a', arguments: { city: 'Porto', days: 3 } },
        index: 0,
      },
      { type: 'function', function: { name: 'a', arguments: '{}' }, index: 1 },
    ]);
    callsInPieces = true;
    const fragments = await deltas();
    expect(fragments.length).toBeGreaterThan(2);
    const first = fragments.filter((fragment) => fragment.index === 0);
    expect(JSON.parse(first.map((fragment) => fragment.function.arguments).join(''))).toEqual({
      city: 'Porto',
      days: 3,
    });
  });

  it.each([
    ['num_cached_tokens', 2],
    ['prompt_tokens_details', { cached_tokens: 2 }],
    ['prompt_token_details', { cached_tokens: 2 }],
  ] as const)('states cached tokens in each of the three spellings: %s', async (cachedIn, stated) => {
    const { url } = await start({ answer: () => ({ text: 'a', cachedTokens: 2, cachedIn }) });
    expect((await (await post(url, question)).json()).usage[cachedIn]).toEqual(stated);
  });

  it('answers JSON where a schema asks for it, and cuts at the maximum of tokens', async () => {
    const { url } = await start();
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const body = {
      ...question,
      response_format: { type: 'json_schema', json_schema: { name: 'pet', schema } },
    };
    const answered = await (await post(url, body)).json();
    expect(JSON.parse(answered.choices[0].message.content)).toEqual({ name: 'My dog is called Rex.' });
    const cut = await (await post(url, { ...question, max_tokens: 2 })).json();
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'My dog i' } });
  });

  it('embeds so that texts with the same words are near', async () => {
    const { url } = await start();
    const body = { model: 'mistral-embed', input: ['the dog barks', 'a barking dog', 'stock prices'] };
    const response = await fetch(`${url}/v1/embeddings`, { method: 'POST', body: JSON.stringify(body) });
    const { data } = await response.json();
    const near = (a: number, b: number) =>
      data[a].embedding.reduce(
        (sum: number, value: number, at: number) => sum + value * data[b].embedding[at],
        0,
      );
    expect(near(0, 1)).toBeGreaterThan(near(0, 2));
    const refused = await fetch(`${url}/v1/embeddings`, { method: 'POST', body: '{"model":"m"}' });
    expect([refused.status, (await refused.json()).detail[0].loc]).toEqual([422, ['body', 'input']]);
  });

  it('refuses wrong keys, models, paths, methods and bodies in the vendor’s several shapes', async () => {
    const { url, requests } = await start({
      apiKey: 'right-right-right',
      models: ['mistral-large-2512'],
      contextWindow: 60,
    });
    const authorized = { headers: { authorization: 'Bearer right-right-right' } };
    const long = { ...question, messages: [{ role: 'user', content: 'long '.repeat(100) }] };
    const refusals = [
      await post(url, question),
      await post(url, question, { headers: { authorization: 'Bearer wrong-wrong-wrong' } }),
      await post(url, { ...question, model: 'mistral-9000' }, authorized),
      await post(url, { ...question, temperature: 9 }, authorized),
      await post(url, '{"model":', authorized),
      await post(url, long, authorized),
      await fetch(`${url}/v1/nothing`, authorized),
      await fetch(`${url}/v1/chat/completions`, authorized),
    ];
    expect(refusals.map((refusal) => refusal.status)).toEqual([401, 401, 400, 422, 422, 400, 404, 405]);
    const bodies = await Promise.all(refusals.map((refusal) => refusal.json()));
    expect(bodies).toMatchObject([
      { detail: 'Unauthorized' },
      { detail: 'Unauthorized' },
      { object: 'error', type: 'invalid_model', code: '1500' },
      { detail: [{ loc: ['body', 'temperature'], type: 'less_than_equal' }] },
      { detail: [{ type: 'json_invalid' }] },
      { object: 'error', code: '3051' },
      { message: 'no Route matched with those values' },
      { detail: 'Method Not Allowed' },
    ]);
    expect(JSON.stringify(bodies)).not.toContain('wrong-wrong-wrong');
    expect(requests.every((request) => request.rejected)).toBe(true);
    const models = await (await fetch(`${url}/v1/models`, authorized)).json();
    expect(models.data.map((model: { id: string }) => model.id)).toEqual(['mistral-large-2512']);
  });

  it('says what its answer function threw', async () => {
    const { url } = await start({
      answer: () => {
        throw new Error('broken script');
      },
    });
    const response = await post(url, question);
    expect([response.status, (await response.json()).message]).toEqual([
      500,
      expect.stringContaining('broken script'),
    ]);
  });
});
