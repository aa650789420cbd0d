const text = (content: unknown, role = 'user') => ({ role, content });
const call = (id: string, name = 'weather', input: unknown = '{"city":"Porto"}') => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});
const result = (id: string, name: string | undefined = 'weather') => ({
  role: 'tool',
  tool_call_id: id,
  content: '19 °C',
  ...(name !== '' && { name }),
});
const tool = (name: string, extra: object = {}) => ({
  type: 'function',
  function: { name, description: 'd', parameters: { type: 'object', properties: {} }, ...extra },
});
const calls = (...made: object[]) => ({ role: 'assistant', content: '', tool_calls: made });
const hello = [text('hello')];
const plain = { model: 'mistral-large-2512', messages: hello };
const withTools = { ...plain, tools: [tool('weather'), tool('time')] };

/** Requests that the vendor takes. */
export const goodMistral: Readonly<Record<string, object>> = {
  plain,
  conversation: {
    ...plain,
    messages: [text('Be brief.', 'system'), text('hi'), text('hello', 'assistant'), text('bye')],
  },
  'equal roles in a row': {
    ...plain,
    messages: [
      text('a', 'system'),
      text('b', 'system'),
      text('c'),
      text('d'),
      text('e', 'assistant'),
      text('f', 'assistant'),
      text('g'),
    ],
  },
  'a system message alone': { ...plain, messages: [text('Say hello.', 'system')] },
  parts: {
    ...plain,
    messages: [
      text([{ type: 'text', text: 'Be brief.' }], 'system'),
      text([
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
        { type: 'image_url', image_url: 'data:image/png;base64,AAAA' },
        { type: 'document_url', document_url: 'https://example.com/a.pdf', document_name: 'a.pdf' },
        { type: 'file', file_id: '6f1d2c1e-6c0f-4a6e-9d2f-0123456789ab' },
        { type: 'input_audio', input_audio: 'AAAA' },
        { type: 'reference', reference_ids: [1] },
      ]),
    ],
  },
  thinking: {
    ...plain,
    messages: [
      ...hello,
      text(
        [
          {
            type: 'thinking',
            thinking: [
              { type: 'text', text: 'hm' },
              { type: 'tool_reference', tool: 'web_search', title: 't', url: null },
              { type: 'reference', reference_ids: [1] },
            ],
            closed: true,
          },
          { type: 'text', text: 'hello' },
        ],
        'assistant',
      ),
      text('and?'),
    ],
  },
  tools: {
    ...withTools,
    tool_choice: { type: 'function', function: { name: 'time' } },
    parallel_tool_calls: true,
    messages: [
      ...hello,
      calls(call('abcdefgh1'), call('ABCDEFGH2', 'time', {})),
      result('ABCDEFGH2', 'time'),
      result('abcdefgh1'),
    ],
  },
  'tools and then words': {
    ...withTools,
    tool_choice: 'any',
    messages: [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [call('abcdefgh1')], prefix: false },
      result('abcdefgh1'),
      text('It is mild.', 'assistant'),
      text('and?'),
    ],
  },
  prefix: { ...plain, messages: [...hello, { ...text('Once', 'assistant'), prefix: true }] },
  sampling: {
    ...plain,
    temperature: 1.5,
    top_p: 0,
    presence_penalty: -2,
    frequency_penalty: 2,
    random_seed: 7,
    n: 3,
    stop: ['a', 'b'],
    max_tokens: 5,
    safe_prompt: true,
  },
  stream: { ...plain, stream: true, stop: 'x' },
  reasoning: { ...plain, reasoning_effort: 'high', prompt_mode: 'reasoning' },
  schema: {
    ...plain,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'pet', schema: { type: 'object' }, strict: true },
    },
  },
  json: { ...plain, response_format: { type: 'json_object' } },
  guardrails: {
    ...plain,
    guardrails: [
      {
        block_on_error: true,
        moderation_llm_v2: {
          model_name: 'mistral-moderation-2603',
          custom_category_thresholds: { pii: 0.5, law: null },
          ignore_other_categories: false,
          action: 'block',
        },
      },
    ],
  },
  account: {
    ...plain,
    metadata: { a: 1 },
    prompt_cache_key: 'k',
    prediction: { type: 'content', content: 'a' },
  },
  nulls: {
    ...plain,
    temperature: null,
    max_tokens: null,
    random_seed: null,
    metadata: null,
    tools: null,
    n: null,
    prompt_mode: null,
    guardrails: null,
    prompt_cache_key: null,
  },
};

const withMessages = (...messages: object[]) => ({ ...plain, messages });

/** Requests that the schema refuses, by the type of the detail that our judge refuses them with. */
export const badMistral: Readonly<Record<string, readonly [type: string, body: unknown]>> = {
  'no object': ['model_attributes_type', 'hello'],
  'no messages': ['missing', { model: 'm' }],
  'no model': ['missing', { messages: hello }],
  'bad role': ['union_tag_invalid', withMessages(text('hi', 'developer'))],
  'no content': ['missing', withMessages({ role: 'user' })],
  'a number as content': ['list_type', withMessages(text(7))],
  'unknown chunk': ['union_tag_invalid', withMessages(text([{ type: 'video' }]))],
  'image in a system message': [
    'union_tag_invalid',
    withMessages(text([{ type: 'image_url', image_url: 'https://a.b' }], 'system')),
  ],
  'an unknown field': ['extra_forbidden', { ...plain, max_completion_tokens: 5 }],
  'stream options, which only others have': [
    'extra_forbidden',
    { ...plain, stream: true, stream_options: { include_usage: true } },
  ],
  'an unknown field of a message': ['extra_forbidden', withMessages({ ...text('hi'), name: 'bob' })],
  'too hot': ['less_than_equal', { ...plain, temperature: 1.6 }],
  'below nothing': ['greater_than_equal', { ...plain, max_tokens: -1 }],
  'n of nothing': ['greater_than_equal', { ...plain, n: 0 }],
  'half a token': ['int_type', { ...plain, max_tokens: 1.5 }],
  'effort that others have': ['enum', { ...plain, reasoning_effort: 'low' }],
  'unknown choice of tools': ['enum', { ...withTools, tool_choice: 'must' }],
  'unknown format': ['enum', { ...plain, response_format: { type: 'xml' } }],
  'schema without a name': [
    'missing',
    { ...plain, response_format: { type: 'json_schema', json_schema: { schema: {} } } },
  ],
  'tool without parameters': [
    'missing',
    { ...plain, tools: [{ type: 'function', function: { name: 'f' } }] },
  ],
  'arguments that are a list': [
    'model_attributes_type',
    withMessages(...hello, calls(call('abcdefgh1', 'weather', [])), result('abcdefgh1')),
  ],
};

/** Requests that the schema takes and the vendor refuses, by code. */
export const refusedByMistral: Readonly<Record<string, readonly [code: string | null, body: object]>> = {
  'no message at all': ['3230', withMessages()],
  'an assistant alone': ['3230', withMessages({ ...text('hi', 'assistant'), prefix: true })],
  'user after tool': [
    '3230',
    withMessages(...hello, calls(call('abcdefgh1')), result('abcdefgh1'), text('and?')),
  ],
  'system after assistant': [
    '3230',
    withMessages(...hello, text('hi', 'assistant'), text('Be brief.', 'system'), text('and?')),
  ],
  'system after tool': [
    '3230',
    withMessages(
      ...hello,
      calls(call('abcdefgh1')),
      result('abcdefgh1'),
      text('Be brief.', 'system'),
      text('and?'),
    ),
  ],
  'assistant last': ['3230', withMessages(...hello, text('hi', 'assistant'))],
  'system last': ['3230', withMessages(...hello, text('Be brief.', 'system'))],
  'prefix before the end': [
    '3240',
    withMessages(...hello, { ...text('hi', 'assistant'), prefix: true }, text('and?')),
  ],
  'orphan result': ['3230', withMessages(...hello, text('hi', 'assistant'), result('abcdefgh1'))],
  'unanswered call': ['3230', withMessages(...hello, calls(call('abcdefgh1')), text('so?'))],
  'unanswered call among answered ones': [
    '3230',
    withMessages(
      ...hello,
      calls(call('abcdefgh1'), call('abcdefgh2')),
      result('abcdefgh1'),
      text('so', 'assistant'),
      text('and?'),
    ),
  ],
  'unanswered call at the end': [
    '3230',
    withMessages(...hello, calls(call('abcdefgh1'), call('abcdefgh2')), result('abcdefgh1')),
  ],
  'second result': [
    '3230',
    withMessages(...hello, calls(call('abcdefgh1')), result('abcdefgh1'), result('abcdefgh1')),
  ],
  'two calls of one id': [
    '3230',
    withMessages(...hello, calls(call('abcdefgh1'), call('abcdefgh1')), result('abcdefgh1')),
  ],
  'id of OpenAI': [
    '3280',
    withMessages(
      ...hello,
      calls(call('call_PTLP8xhu3uwZk4l3nlnrrJha')),
      result('call_PTLP8xhu3uwZk4l3nlnrrJha'),
    ),
  ],
  'id of eight': ['3280', withMessages(...hello, calls(call('abcdefgh')), result('abcdefgh'))],
  'id of ten': ['3280', withMessages(...hello, calls(call('abcdefgh12')), result('abcdefgh12'))],
  'id with a dash': ['3280', withMessages(...hello, calls(call('abcd-fgh1')), result('abcd-fgh1'))],
  'call without an id': [
    '3280',
    withMessages(...hello, calls({ function: { name: 'weather', arguments: '{}' } }), result('abcdefgh1')),
  ],
  'result without an id': [
    '3280',
    withMessages(...hello, calls(call('abcdefgh1')), { role: 'tool', content: 'x', name: 'weather' }),
  ],
  'result without a name': [
    '3280',
    withMessages(...hello, calls(call('abcdefgh1')), result('abcdefgh1', '')),
  ],
  'name of a called tool': [
    '3280',
    withMessages(...hello, calls(call('abcdefgh1', 'files.read')), result('abcdefgh1')),
  ],
  'name of an offered tool': ['3280', { ...plain, tools: [tool('files.read')] }],
  'long name of a tool': ['3280', { ...plain, tools: [tool('n'.repeat(65))] }],
  'empty assistant': ['3240', withMessages(...hello, text('', 'assistant'), text('and?'))],
  'assistant without anything': ['3240', withMessages(...hello, { role: 'assistant' }, text('and?'))],
  'choice of an unknown tool': [
    null,
    { ...withTools, tool_choice: { type: 'function', function: { name: 'other' } } },
  ],
  'a call is a must and there are no tools': [null, { ...plain, tool_choice: 'any' }],
  'json_schema without a schema': [null, { ...plain, response_format: { type: 'json_schema' } }],
  'image by path': [null, withMessages(text([{ type: 'image_url', image_url: '/tmp/a.png' }]))],
  'document by path': [null, withMessages(text([{ type: 'document_url', document_url: 'file:///a.pdf' }]))],
};
