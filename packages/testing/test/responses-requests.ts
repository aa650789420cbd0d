import { encryptedBy } from '../src/openai/responses/encrypted.js';

const user = (content: unknown) => ({ role: 'user', content });
const call = (id: string, extra: object = {}) => ({
  type: 'function_call',
  call_id: id,
  name: 'weather',
  arguments: '{"city":"Porto"}',
  ...extra,
});
const output = (id: string, extra: object = {}) => ({
  type: 'function_call_output',
  call_id: id,
  output: '19 °C',
  ...extra,
});
const reasoning = (id: string, extra: object = {}) => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text: 'hm' }],
  encrypted_content: encryptedBy('hm'),
  ...extra,
});
const tool = (name: string, extra: object = {}) => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: {} },
  strict: false,
  ...extra,
});
const plain = { model: 'gpt-5.4', input: 'hello' };
const withTools = { ...plain, tools: [tool('weather'), tool('time', { strict: null, parameters: null })] };
const items = (...input: readonly unknown[]) => ({ ...withTools, input });

/** Requests that the vendor's Responses API takes. */
export const goodResponses: Readonly<Record<string, object>> = {
  plain,
  conversation: items(
    { role: 'developer', content: 'Be brief.' },
    user('hi'),
    { role: 'assistant', content: 'hello' },
    { role: 'user', content: [{ type: 'input_text', text: 'bye' }] },
  ),
  parts: items(
    user([
      { type: 'input_text', text: 'look' },
      { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
    ]),
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'a', annotations: [], logprobs: [] }],
    },
  ),
  'parallel calls': items(
    user('hi'),
    call('call_1'),
    call('x'.repeat(64)),
    output('x'.repeat(64)),
    output('call_1'),
  ),
  'reasoning with its call': {
    ...items(
      user('hi'),
      reasoning('rs_1'),
      reasoning('rs_2', { summary: [] }),
      call('call_1'),
      output('call_1'),
    ),
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'high', summary: 'auto' },
  },
  'reasoning with its answer': items(
    user('hi'),
    reasoning('rs_1'),
    { role: 'assistant', content: 'hello' },
    user('and?'),
  ),
  'named tool': {
    ...withTools,
    tool_choice: { type: 'function', name: 'weather' },
    parallel_tool_calls: true,
  },
  schema: {
    ...plain,
    text: {
      format: { type: 'json_schema', name: 'pet', schema: { type: 'object' }, strict: true },
      verbosity: 'low',
    },
  },
  stream: { ...plain, stream: true, stream_options: { include_obfuscation: false } },
  'no reasoning': { ...plain, reasoning: { effort: 'none' }, temperature: 0, top_p: 0.5 },
  'plain model': {
    model: 'gpt-4o',
    input: 'hello',
    temperature: 2,
    max_output_tokens: 16,
    prompt_cache_key: 'k',
  },
};

type Bad = Readonly<Record<string, readonly [code: string | null, body: object]>>;

/** Requests that it refuses, by its code, and so does the schema. */
export const badResponses: Bad = {
  'no input items as the wrong type': ['invalid_type', { ...plain, input: 7 }],
  'a limit below 16': ['integer_below_min_value', { ...plain, max_output_tokens: 15 }],
  'too hot': ['decimal_above_max_value', { model: 'gpt-4o', input: 'x', temperature: 2.1 }],
  'an unknown role': ['invalid_value', items({ role: 'tool', content: 'x' })],
  'an assistant text as input': [
    'invalid_value',
    items({
      type: 'message',
      id: 'm',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'input_txt', text: 'x' }],
    }),
  ],
  'an image without detail': [
    'missing_required_parameter',
    items({ type: 'message', ...user([{ type: 'input_image', image_url: 7 }]) }),
  ],
  'a tool without strict': [
    'missing_required_parameter',
    { ...plain, tools: [{ type: 'function', name: 'f', parameters: {} }] },
  ],
  'a tool as Chat Completions has it': [
    'unknown_parameter',
    { ...plain, tools: [{ type: 'function', function: { name: 'f' } }] },
  ],
  'reasoning without an id': [
    'missing_required_parameter',
    items({ type: 'reasoning', summary: [] }, { role: 'assistant', content: 'x' }),
  ],
  'a call without arguments': [
    'missing_required_parameter',
    items({ type: 'function_call', call_id: 'a', name: 'f' }),
  ],
  'an output id that is too long': ['string_above_max_length', items(output('x'.repeat(65)))],
  'an output id that is empty': ['empty_string', items(output(''))],
  'a schema without its name': [
    'missing_required_parameter',
    { ...plain, text: { format: { type: 'json_schema', schema: {} } } },
  ],
  'an unknown effort': ['invalid_value', { ...plain, reasoning: { effort: 'huge' } }],
  'an unknown inclusion': ['invalid_value', { ...plain, include: ['everything'] }],
};

/** Requests that it refuses by rules that no schema states. */
export const refusedResponses: Bad = {
  'no items': ['empty_array', { ...plain, input: [] }],
  'no model': ['missing_required_parameter', { input: 'hello' }],
  'an unknown field': ['unknown_parameter', { ...plain, messages: [] }],
  'an unknown field of an item': ['unknown_parameter', items({ ...user('hi'), name: 'anna' })],
  'a call id that is too long': ['string_above_max_length', items(call('x'.repeat(65)))],
  'a call without an output': [null, items(user('hi'), call('a'), user('and?'))],
  'an output without a call': [null, items(user('hi'), output('a'))],
  'an output before its call': [null, items(output('a'), call('a'), output('a'))],
  'two outputs of one call': [null, items(call('a'), output('a'), output('a'))],
  'two open calls of one id': [null, items(call('a'), call('a'), output('a'))],
  'reasoning at the end': [null, items(user('hi'), reasoning('rs_1'))],
  'reasoning before the user': [null, items(reasoning('rs_1'), user('hi'))],
  'one item twice': [
    null,
    items(reasoning('rs_1'), { role: 'assistant', content: 'a' }, reasoning('rs_1'), {
      role: 'assistant',
      content: 'a',
    }),
  ],
  'reasoning of somebody else': [
    'invalid_encrypted_content',
    items(reasoning('rs_1', { encrypted_content: 'EqQB' }), { role: 'assistant', content: 'a' }),
  ],
  'reasoning that was announced and not finished': [
    'invalid_encrypted_content',
    items(reasoning('rs_1', { encrypted_content: 'gAAAAABunfinished' }), { role: 'assistant', content: 'a' }),
  ],
  'a tool name with a dot': ['invalid_value', { ...plain, tools: [tool('a.b')] }],
  'a choice without tools': [null, { ...plain, tool_choice: 'required' }],
  'a choice of another tool': [null, { ...withTools, tool_choice: { type: 'function', name: 'other' } }],
  'sampling while it reasons': ['unsupported_parameter', { ...plain, temperature: 0.5 }],
  'effort of a plain model': [
    'unsupported_parameter',
    { ...plain, model: 'gpt-4o', reasoning: { effort: 'low' } },
  ],
  'encrypted reasoning of a plain model': [
    null,
    { ...plain, model: 'gpt-4o', include: ['reasoning.encrypted_content'] },
  ],
  'no effort where it always reasons': [
    'unsupported_value',
    { ...plain, model: 'o3', reasoning: { effort: 'none' } },
  ],
};

/** An item that is not kept by the vendor cannot be named alone. */
export const notPersisted = items(reasoning('rs_1', { encrypted_content: null }), {
  role: 'assistant',
  content: 'a',
});
