import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import { sealThinking, signThinking } from '../src/anthropic.js';

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const text = (words: string, rest: object = {}) => ({ type: 'text', text: words, ...rest });
const call = (id: string, name = 'weather', input: unknown = { city: 'Porto' }) => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const result = (id: string, rest: object = {}) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: '19 °C',
  ...rest,
});
const tool = (name = 'weather', rest: object = {}) => ({
  name,
  description: 'd',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  ...rest,
});
const hello = [{ role: 'user', content: 'hello' }];
const mark = { cache_control: { type: 'ephemeral' } };
const plain = { model: 'claude-opus-5', max_tokens: 4096, messages: hello };
const old = { ...plain, model: 'claude-haiku-4-5' };
const withTools = { ...plain, tools: [tool(), tool('time')] };
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } };

const typed = {
  plain: { model: 'claude-opus-5', max_tokens: 4096, messages: [{ role: 'user', content: 'hello' }] },
  conversation: {
    model: 'claude-opus-5',
    max_tokens: 0,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
      { role: 'user', content: [{ type: 'text', text: 'bye', cache_control: { type: 'ephemeral' } }] },
    ],
    stop_sequences: ['END'],
    metadata: { user_id: 'u' },
    service_tier: 'auto',
    stream: true,
  },
  media: {
    model: 'claude-opus-5',
    max_tokens: 100,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
            title: 'a.pdf',
          },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
          { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
          { type: 'text', text: 'look' },
        ],
      },
    ],
  },
  tools: {
    model: 'claude-opus-5',
    max_tokens: 100,
    tools: [
      { name: 'weather', description: 'd', input_schema: { type: 'object', properties: {} }, strict: true },
      { type: 'web_search_20260209', name: 'web_search' },
    ],
    tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    messages: [
      { role: 'user', content: 'How is it?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Looking.' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Porto' } },
          { type: 'tool_use', id: 'toolu_2', name: 'weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no', is_error: true },
          { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: '19 °C' }] },
          { type: 'text', text: 'and?' },
        ],
      },
    ],
  },
  thinking: {
    model: 'claude-opus-5',
    max_tokens: 4096,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'high' },
    messages: [
      { role: 'user', content: 'hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: signThinking('claude-opus-5', 'hm') },
          { type: 'redacted_thinking', data: sealThinking('claude-opus-5', 'secret') },
          { type: 'thinking', thinking: '', signature: signThinking('claude-opus-5', '') },
          { type: 'text', text: 'hello' },
        ],
      },
      { role: 'user', content: 'bye' },
    ],
  },
  budget: {
    model: 'claude-haiku-4-5',
    max_tokens: 2000,
    thinking: { type: 'enabled', budget_tokens: 1024 },
    messages: [{ role: 'user', content: 'hello' }],
  },
  betweenTools: {
    model: 'claude-sonnet-5-5',
    max_tokens: 2000,
    thinking: { type: 'between_tools' },
    messages: [{ role: 'user', content: 'hello' }],
  },
  output: {
    model: 'claude-opus-5',
    max_tokens: 100,
    output_config: {
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { name: { type: 'string' } },
          required: ['name'],
          additionalProperties: false,
        },
      },
    },
    messages: [{ role: 'user', content: 'hello' }],
  },
  systemInside: {
    model: 'claude-opus-5',
    max_tokens: 100,
    messages: [
      { role: 'user', content: 'hello' },
      { role: 'system', content: 'Be brief.' },
    ],
  },
} satisfies Record<string, MessageCreateParams>;

/** Requests that the vendor takes; the first ones are typed by the vendor's own SDK. */
export const good: Readonly<Record<string, object>> = {
  ...typed,
  consecutiveUsers: { ...plain, messages: [user('a'), user('b'), assistant(text('c')), user('d')] },
  resultsOverTwoMessages: {
    ...withTools,
    messages: [...hello, assistant(call('a'), call('b')), user([result('a')]), user([result('b')])],
  },
  sampling: { ...old, temperature: 1, top_k: 5 },
  prefill: { ...old, messages: [...hello, assistant(text('The answer is ('))] },
  snapshot: { ...plain, model: 'claude-haiku-4-5-20251001', temperature: 0.2 },
  unknownModel: { ...plain, model: 'claude-future-9', temperature: 0.2, thinking: { type: 'disabled' } },
  fourMarks: {
    ...plain,
    tools: [tool('weather', mark)],
    system: [text('Be brief.', mark)],
    messages: [user([text('a', mark), text('b', mark)])],
  },
};

/** Requests that the vendor refuses, with the beginning of what it says. */
export const bad: Readonly<Record<string, readonly [message: string, body: unknown]>> = {
  noObject: ['Input should be a valid dictionary', 7],
  noModel: ['model: Field required', { max_tokens: 1, messages: hello }],
  noMaximum: ['max_tokens: Field required', { model: 'claude-opus-5', messages: hello }],
  halfMaximum: ['max_tokens: Input should be a valid integer', { ...plain, max_tokens: 1.5 }],
  tooLargeMaximum: [
    'max_tokens: 200000 > 128000, which is the maximum',
    { ...plain, model: 'claude-opus-5-5', max_tokens: 200_000 },
  ],
  noMessages: ['messages: at least one message is required', { ...plain, messages: [] }],
  unknownField: ['seed: Extra inputs are not permitted', { ...plain, seed: 1 }],
  unknownRole: ['messages: Unexpected role "tool"', { ...plain, messages: [{ role: 'tool', content: 'a' }] }],
  unknownBlock: [
    "messages.0.content.0: Input tag 'input_text' found using 'type'",
    { ...plain, messages: [user([{ type: 'input_text', text: 'a' }])] },
  ],
  unknownBlockField: [
    'messages.0.content.0.text.name: Extra inputs are not permitted',
    { ...plain, messages: [user([text('a', { name: 'b' })])] },
  ],
  assistantFirst: [
    'messages: first message must use the "user" role',
    { ...plain, messages: [assistant(text('a')), ...hello] },
  ],
  emptyText: ['messages: text content blocks must be non-empty', { ...plain, messages: [user([text('')])] }],
  blankText: [
    'messages: text content blocks must contain non-whitespace text',
    { ...plain, messages: [...hello, assistant(text(' \n')), user('b')] },
  ],
  blankString: [
    'messages: text content blocks must contain non-whitespace text',
    { ...plain, messages: [user(' \n')] },
  ],
  emptyMessage: [
    'messages.1: all messages must have non-empty content',
    { ...plain, messages: [...hello, assistant(), user('b')] },
  ],
  emptySystemBlock: ['messages: text content blocks must be non-empty', { ...plain, system: [text('')] }],
  imageType: [
    'messages.0.content.0.image.source.base64.media_type: Input should be',
    { ...plain, messages: [user([{ ...image, source: { ...image.source, media_type: 'image/bmp' } }])] },
  ],
  imageDataUrl: [
    'messages.0.content.0.image.source.base64.data: String should match pattern',
    { ...plain, messages: [user([{ ...image, source: { ...image.source, data: 'data:x,y' } }])] },
  ],
  imageHttp: [
    'messages.0.content.0.image.source.url.url: Only HTTPS URLs',
    { ...plain, messages: [user([{ type: 'image', source: { type: 'url', url: 'http://a.b/c.png' } }])] },
  ],
  imageOfAssistant: [
    'messages.1.content.0: `image` blocks are not permitted in `assistant` messages',
    { ...plain, messages: [...hello, assistant(image), user('b')] },
  ],
  documentType: [
    'messages.0.content.0.document.source.base64.media_type: Input should be',
    { ...plain, messages: [user([{ ...pdf, source: { ...pdf.source, media_type: 'text/csv' } }])] },
  ],
  callId: [
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    { ...withTools, messages: [...hello, assistant(call('call:1')), user([result('call:1')])] },
  ],
  callIdTwice: [
    'messages.3.content.0: `tool_use` ids must be unique',
    {
      ...withTools,
      messages: [
        ...hello,
        assistant(call('a')),
        user([result('a')]),
        assistant(call('a')),
        user([result('a')]),
      ],
    },
  ],
  callInput: [
    'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    { ...withTools, messages: [...hello, assistant(call('a', 'weather', 'Porto')), user([result('a')])] },
  ],
  callOfUser: [
    'messages.0.content.0: `tool_use` blocks are not permitted in `user` messages',
    { ...withTools, messages: [user([call('a')])] },
  ],
  callUnanswered: [
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: b',
    { ...withTools, messages: [...hello, assistant(call('a'), call('b')), user([result('a')])] },
  ],
  callAtTheEnd: [
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a',
    { ...withTools, messages: [...hello, assistant(call('a'))] },
  ],
  textBeforeResults: [
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a',
    { ...withTools, messages: [...hello, assistant(call('a')), user([text('b'), result('a')])] },
  ],
  resultWithoutCall: [
    'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: a',
    { ...withTools, messages: [user([result('a')])] },
  ],
  resultTwice: [
    'messages.2.content.1: each tool_use must have a single result',
    { ...withTools, messages: [...hello, assistant(call('a')), user([result('a'), result('a')])] },
  ],
  resultEmptyText: [
    'messages: text content blocks must be non-empty',
    {
      ...withTools,
      messages: [...hello, assistant(call('a')), user([result('a', { content: [text('')] })])],
    },
  ],
  callsWithoutTools: [
    'Requests which include `tool_use` or `tool_result` blocks must define tools',
    { ...plain, messages: [...hello, assistant(call('a')), user([result('a')])] },
  ],
  toolName: [
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    { ...plain, tools: [tool('files.read')] },
  ],
  toolTwice: ['tools: Tool names must be unique.', { ...plain, tools: [tool(), tool()] }],
  toolSchema: [
    'tools.0.custom.input_schema.type: Field required',
    { ...plain, tools: [tool('a', { input_schema: {} })] },
  ],
  toolSchemaUnion: [
    'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf',
    { ...plain, tools: [tool('a', { input_schema: { type: 'object', anyOf: [] } })] },
  ],
  toolProperty: [
    'tools.0.custom.input_schema.properties: Property keys should match pattern',
    { ...plain, tools: [tool('a', { input_schema: { type: 'object', properties: { 'a b': {} } } })] },
  ],
  toolType: ["tools.0: Input tag 'function' found using 'type'", { ...plain, tools: [{ type: 'function' }] }],
  choiceWithoutTools: [
    'tool_choice: may only be specified while providing tools',
    { ...plain, tool_choice: { type: 'auto' } },
  ],
  choiceOfUnknownTool: [
    "Tool 'c' not found in provided tools",
    { ...withTools, tool_choice: { type: 'tool', name: 'c' } },
  ],
  choiceForced: [
    'tool_choice: forced tool use (`any`) is not supported on this model',
    { ...withTools, model: 'claude-opus-5-5', tool_choice: { type: 'any' } },
  ],
  choiceForcedThinking: [
    'Thinking may not be enabled when tool_choice forces tool use',
    { ...withTools, thinking: { type: 'adaptive' }, tool_choice: { type: 'any' } },
  ],
  sampling: ['`temperature` is deprecated for this model', { ...plain, temperature: 0.5 }],
  topK: ['`top_k` is deprecated for this model', { ...plain, model: 'claude-opus-4-7', top_k: 5 }],
  temperatureRange: ['temperature: Input should be less than or equal to 1', { ...old, temperature: 1.5 }],
  temperatureThinking: [
    '`temperature` may only be set to 1 when thinking is enabled',
    { ...old, temperature: 0.5, thinking: { type: 'enabled', budget_tokens: 1024 } },
  ],
  effort: ['This model does not support the effort parameter', { ...old, output_config: { effort: 'low' } }],
  budgetSmall: [
    'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    { ...old, thinking: { type: 'enabled', budget_tokens: 1023 } },
  ],
  budgetLarge: [
    '`max_tokens` must be greater than `thinking.budget_tokens`',
    { ...old, thinking: { type: 'enabled', budget_tokens: 4096 } },
  ],
  budgetRefused: [
    '"thinking.type.enabled" is not supported for this model',
    { ...plain, model: 'claude-haiku-5-5', thinking: { type: 'enabled', budget_tokens: 1024 } },
  ],
  adaptiveRefused: [
    'adaptive thinking is not supported on this model',
    { ...old, thinking: { type: 'adaptive' } },
  ],
  disabledRefused: [
    '"thinking.type.disabled" is not supported for this model',
    { ...plain, model: 'claude-sonnet-5-5', thinking: { type: 'disabled' } },
  ],
  betweenToolsRefused: [
    '"thinking.type.between_tools" is not supported for this model',
    { ...plain, thinking: { type: 'between_tools' } },
  ],
  budgetInToolLoop: [
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    {
      ...old,
      tools: [tool()],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [...hello, assistant(call('a')), user([result('a')])],
    },
  ],
  signatureOfNobody: [
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    {
      ...plain,
      messages: [
        ...hello,
        assistant({ type: 'thinking', thinking: 'a', signature: 'b' }, text('c')),
        user('d'),
      ],
    },
  ],
  signatureOfAnotherModel: [
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    {
      ...plain,
      messages: [
        ...hello,
        assistant(
          { type: 'thinking', thinking: 'a', signature: signThinking('claude-sonnet-5', 'a') },
          text('c'),
        ),
        user('d'),
      ],
    },
  ],
  redactedOfAnotherModel: [
    'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
    {
      ...plain,
      messages: [
        ...hello,
        assistant({ type: 'redacted_thinking', data: sealThinking('claude-sonnet-5', 'a') }, text('c')),
        user('d'),
      ],
    },
  ],
  thinkingOfUser: [
    'messages.0.content.0: `thinking` blocks are not permitted in `user` messages',
    { ...plain, messages: [user([{ type: 'thinking', thinking: 'a', signature: 'b' }])] },
  ],
  thinkingLast: [
    'messages.1.content.1: The final block in an assistant message cannot be `thinking`.',
    {
      ...plain,
      messages: [
        ...hello,
        assistant(text('a'), { type: 'thinking', thinking: 'a', signature: 'b' }),
        user('c'),
      ],
    },
  ],
  thinkingMarked: [
    'messages.1.content.0.thinking.cache_control: Extra inputs are not permitted',
    {
      ...plain,
      messages: [
        ...hello,
        assistant({ type: 'thinking', thinking: 'a', signature: 'b', ...mark }),
        user('c'),
      ],
    },
  ],
  prefillRefused: [
    'This model does not support assistant message prefill',
    { ...plain, messages: [...hello, assistant(text('The answer is ('))] },
  ],
  prefillBlank: [
    'messages: final assistant content cannot end with trailing whitespace',
    { ...old, messages: [...hello, assistant(text('The answer is '))] },
  ],
  prefillThinking: [
    'When thinking is enabled, the conversation must end with a user message',
    {
      ...old,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [...hello, assistant(text('The answer is'))],
    },
  ],
  fiveMarks: [
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    { ...plain, messages: [user([1, 2, 3, 4, 5].map((one) => text(String(one), mark)))] },
  ],
  marksOrder: [
    "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block",
    {
      ...plain,
      system: [text('a', mark)],
      messages: [user([text('b', { cache_control: { type: 'ephemeral', ttl: '1h' } })])],
    },
  ],
  schemaOpen: [
    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    {
      ...plain,
      output_config: { format: { type: 'json_schema', schema: { type: 'object', properties: {} } } },
    },
  ],
  schemaKeyword: [
    "output_config.format.schema: For 'integer' type, property 'minimum' is not supported",
    {
      ...plain,
      output_config: {
        format: { type: 'json_schema', schema: { type: 'array', items: { type: 'integer', minimum: 1 } } },
      },
    },
  ],
  stopSequence: [
    'stop_sequences.0: each stop sequence must contain non-whitespace',
    { ...plain, stop_sequences: [' '] },
  ],
};
