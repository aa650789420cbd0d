const text = (content: unknown, role = 'user') => ({ role, content });
const call = (id: string, name = 'weather', input = '{"city":"Porto"}') => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: '19 °C' });
const tool = (name: string, extra: object = {}) => ({
  type: 'function',
  function: { name, description: 'd', parameters: { type: 'object', properties: {} }, ...extra },
});
const hello = [text('hello')];
const plain = { model: 'gpt-4o', messages: hello };
const reasoning = { model: 'gpt-5.4', messages: hello };
const withTools = { ...plain, tools: [tool('weather'), tool('time')] };

/** Requests that the vendor takes. */
export const good: Readonly<Record<string, object>> = {
  plain,
  conversation: {
    ...plain,
    messages: [text('Be brief.', 'system'), text('hi'), text('hello', 'assistant'), text('bye')],
  },
  parts: {
    ...plain,
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }], name: 'boss' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'refusal', refusal: 'b' },
        ],
        refusal: null,
      },
    ],
  },
  tools: {
    ...withTools,
    tool_choice: { type: 'function', function: { name: 'time' } },
    parallel_tool_calls: true,
    messages: [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [call('call_1'), call('call_2', 'time', '')] },
      result('call_2'),
      result('call_1'),
      text('and?'),
    ],
  },
  sampling: {
    ...plain,
    temperature: 2,
    top_p: 0,
    presence_penalty: -2,
    frequency_penalty: 2,
    seed: 7,
    n: 3,
    stop: ['a', 'b'],
    logprobs: true,
    top_logprobs: 20,
    logit_bias: { 50256: -100 },
  },
  stream: { ...plain, stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
  limits: {
    ...reasoning,
    max_completion_tokens: 100,
    reasoning_effort: 'high',
    verbosity: 'low',
    temperature: 1,
  },
  'no reasoning': { ...reasoning, reasoning_effort: 'none', temperature: 0 },
  'older limit': { ...plain, max_tokens: 5, stop: 'x' },
  schema: {
    ...plain,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'pet', schema: { type: 'object' }, strict: true },
    },
  },
  json: { ...plain, response_format: { type: 'json_object' } },
  account: {
    ...plain,
    store: false,
    metadata: { a: 'b' },
    user: 'u',
    safety_identifier: 's',
    service_tier: 'flex',
    prompt_cache_key: 'k',
    prompt_cache_options: { mode: 'implicit', ttl: '30m' },
  },
  audio: { ...plain, modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } },
  voice: { ...plain, modalities: ['audio'], audio: { voice: { id: 'v1' }, format: 'wav' } },
  search: {
    ...plain,
    web_search_options: {
      search_context_size: 'low',
      user_location: { type: 'approximate', approximate: { country: 'PT' } },
    },
  },
  prediction: { ...plain, prediction: { type: 'content', content: [{ type: 'text', text: 'a' }] } },
  moderation: { ...plain, moderation: { model: 'omni', policy: { input: { mode: 'score' }, output: null } } },
  functions: {
    ...plain,
    functions: [{ name: 'f', parameters: {} }],
    function_call: { name: 'f' },
    messages: [
      ...hello,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '1' },
    ],
  },
  custom: {
    ...plain,
    tools: [
      {
        type: 'custom',
        custom: { name: 'shell', format: { type: 'grammar', grammar: { definition: 'a', syntax: 'regex' } } },
      },
      { type: 'custom', custom: { name: 'free', format: { type: 'text' } } },
      tool('strict', { strict: true }),
    ],
    tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'custom' }] } },
  },
  nulls: {
    ...plain,
    temperature: null,
    top_p: null,
    n: null,
    stop: null,
    seed: null,
    stream: null,
    stream_options: null,
    metadata: null,
    reasoning_effort: null,
    max_tokens: null,
    logit_bias: null,
  },
};

/** Requests that the schema refuses, by the code that our judge refuses them with. */
export const bad: Readonly<Record<string, readonly [code: string | null, body: unknown]>> = {
  'no object': ['invalid_type', 'hello'],
  'no messages': ['missing_required_parameter', { model: 'gpt-4o' }],
  'no model': ['missing_required_parameter', { messages: hello }],
  'empty messages': ['empty_array', { ...plain, messages: [] }],
  'bad role': ['invalid_value', { ...plain, messages: [text('hi', 'robot')] }],
  'no content': ['missing_required_parameter', { ...plain, messages: [{ role: 'user' }] }],
  'null content': ['invalid_type', { ...plain, messages: [text(null)] }],
  'empty parts': ['empty_array', { ...plain, messages: [text([])] }],
  'image in a system message': [
    'invalid_value',
    { ...plain, messages: [text([{ type: 'image_url', image_url: { url: 'https://a.b' } }], 'system')] },
  ],
  'result without an id': [
    'missing_required_parameter',
    { ...plain, messages: [...hello, { role: 'tool', content: 'x' }] },
  ],
  'too hot': ['decimal_above_max_value', { ...plain, temperature: 9 }],
  'n of nothing': ['integer_below_min_value', { ...plain, n: 0 }],
  'half a token': ['invalid_type', { ...plain, max_completion_tokens: 1.5 }],
  'unknown effort': ['invalid_value', { ...reasoning, reasoning_effort: 'maximal' }],
  'unknown format': ['invalid_value', { ...plain, response_format: { type: 'xml' } }],
  'schema without a name': [
    'missing_required_parameter',
    { ...plain, response_format: { type: 'json_schema', json_schema: {} } },
  ],
  'tool without a name': [
    'missing_required_parameter',
    { ...plain, tools: [{ type: 'function', function: {} }] },
  ],
  'arguments that are no text': [
    'invalid_type',
    {
      ...plain,
      messages: [
        ...hello,
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: {} } }],
        },
      ],
    },
  ],
  'five stops': ['array_above_max_length', { ...plain, stop: ['a', 'b', 'c', 'd', 'e'] }],
};

/** Requests that the schema takes and the vendor refuses, by code. */
export const refusedByRules: Readonly<Record<string, readonly [code: string | null, body: object]>> = {
  'unanswered call': [
    null,
    {
      ...plain,
      messages: [...hello, { role: 'assistant', content: null, tool_calls: [call('a')] }, text('so?')],
    },
  ],
  'unanswered call at the end': [
    null,
    {
      ...plain,
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
        result('a'),
      ],
    },
  ],
  'orphan result': [null, { ...plain, messages: [...hello, result('a')] }],
  'second result': [
    null,
    {
      ...plain,
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('a')] },
        result('a'),
        result('a'),
      ],
    },
  ],
  'late result': [
    null,
    {
      ...plain,
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('a')] },
        text('wait'),
        result('a'),
      ],
    },
  ],
  'one id twice': [
    null,
    {
      ...plain,
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('a'), call('a')] },
        result('a'),
      ],
    },
  ],
  'silent assistant': [null, { ...plain, messages: [...hello, { role: 'assistant' }] }],
  'long call id': [
    'string_above_max_length',
    {
      ...plain,
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('a'.repeat(41))] },
        result('a'.repeat(41)),
      ],
    },
  ],
  'tool name with a dot': ['invalid_value', { ...plain, tools: [tool('files.read')] }],
  'long tool name': ['string_above_max_length', { ...plain, tools: [tool('a'.repeat(65))] }],
  'too many tools': [
    'array_above_max_length',
    { ...plain, tools: Array.from({ length: 129 }, (_, index) => tool(`t${index}`)) },
  ],
  'choice without tools': [null, { ...plain, tool_choice: 'auto' }],
  'choice of another tool': [
    null,
    { ...withTools, tool_choice: { type: 'function', function: { name: 'fly' } } },
  ],
  'options without a stream': [null, { ...plain, stream_options: { include_usage: true } }],
  'unknown field': [null, { ...plain, max_output_tokens: 5 }],
  'max_tokens of a reasoning model': ['unsupported_parameter', { ...reasoning, max_tokens: 5 }],
  'temperature of a reasoning model': ['unsupported_value', { ...reasoning, temperature: 0.5 }],
  'top_p of a reasoning model': ['unsupported_value', { ...reasoning, model: 'o3', top_p: 0.5 }],
  'penalty of a reasoning model': ['unsupported_parameter', { ...reasoning, presence_penalty: 1 }],
  'effort of a model that does not reason': ['unsupported_parameter', { ...plain, reasoning_effort: 'low' }],
  'no effort of a model that always reasons': [
    'unsupported_value',
    { ...reasoning, model: 'o3', reasoning_effort: 'none' },
  ],
  'both limits': ['invalid_parameter_combination', { ...plain, max_tokens: 5, max_completion_tokens: 5 }],
  'image by path': [
    'invalid_value',
    { ...plain, messages: [text([{ type: 'image_url', image_url: { url: '/tmp/a.png' } }])] },
  ],
  'long cache key': ['string_above_max_length', { ...plain, prompt_cache_key: 'k'.repeat(65) }],
};
