/** An answer as server-sent events, one `Uint8Array` for each read of the body. */
export type Body = readonly Uint8Array[];

const encoder = new TextEncoder();
const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index} `);

/** Events of which only the data matters, as Chat Completions and Mistral send them. */
function plain(events: readonly object[]): Body {
  return [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((data) =>
    encoder.encode(`data: ${data}\n\n`),
  );
}

interface Named {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Events that are named by their type, as Responses and Messages send them. */
function named(events: readonly Named[]): Body {
  return events.map((event) => encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
}

/** An answer of so many deltas in Chat Completions. */
export function chatBody(deltas: number): Body {
  const head = {
    id: 'chatcmpl-Bq3kLpZ0aTqPqkYgQxw1f6mZ4hKcd',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'gpt-4o-2024-11-20',
    service_tier: 'default',
    system_fingerprint: 'fp_5d58a6052a',
  };
  const chunk = (delta: object, finish: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
    obfuscation: 'x7Qk2',
  });
  return plain([
    chunk({ role: 'assistant', content: '', refusal: null }, null),
    ...words(deltas).map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    { ...head, choices: [], usage: { prompt_tokens: 30, completion_tokens: deltas } },
  ]);
}

/** An answer of so many deltas in Mistral Chat. */
export function mistralBody(deltas: number): Body {
  const head = { id: 'cmpl-3f1c', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'm' };
  const chunk = (delta: object, finish: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const usage = { prompt_tokens: 30, completion_tokens: deltas, total_tokens: 30 + deltas };
  return plain([
    chunk({ role: 'assistant', content: '' }, null),
    ...words(deltas).map((content) => chunk({ content }, null)),
    { ...chunk({ content: '' }, 'stop'), usage },
  ]);
}

/** An answer of so many deltas in Responses. */
export function responsesBody(deltas: number): Body {
  const text = words(deltas).join('');
  const part = (content: string) => ({ type: 'output_text', text: content, annotations: [], logprobs: [] });
  const item = (status: string, content: object[]) => ({
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    status,
    content,
  });
  const response = (status: string, output: object[], usage: object | null) => ({
    id: 'resp_01',
    object: 'response',
    created_at: 1_790_000_000,
    model: 'gpt-5.4',
    status,
    error: null,
    incomplete_details: null,
    output,
    usage,
  });
  const usage = { input_tokens: 30, output_tokens: deltas, total_tokens: 30 + deltas };
  const at = { item_id: 'msg_01', output_index: 0, content_index: 0 };
  const done = item('completed', [part(text)]);
  const events = [
    { type: 'response.created', response: response('in_progress', [], null) },
    { type: 'response.in_progress', response: response('in_progress', [], null) },
    { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
    { type: 'response.content_part.added', ...at, part: part('') },
    ...words(deltas).map((delta) => ({
      type: 'response.output_text.delta',
      ...at,
      delta,
      logprobs: [],
      obfuscation: 'x7Qk2',
    })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: part(text) },
    { type: 'response.output_item.done', output_index: 0, item: done },
    { type: 'response.completed', response: response('completed', [done], usage) },
  ];
  return named(events.map((event, index) => ({ ...event, sequence_number: index })));
}

/** An answer of so many deltas in Messages. */
export function messagesBody(deltas: number): Body {
  const usage = { input_tokens: 30, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = { id: 'msg_01', type: 'message', role: 'assistant', model: 'claude-opus-5', content: [] };
  const index = 0;
  return named([
    {
      type: 'message_start',
      message: { ...message, stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...words(deltas).map((text) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { ...usage, output_tokens: deltas },
    },
    { type: 'message_stop' },
  ]);
}
