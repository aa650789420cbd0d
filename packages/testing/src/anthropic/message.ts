import type { Frame } from '../loopback/plan.js';
import { estimateTokens, pieces } from '../loopback/texts.js';
import type { AnthropicAnswer, AnthropicStopReason, MessagesBody } from './answer.js';
import { countInput } from './judge/judge-messages-request.js';
import { sealThinking, signThinking } from './sign.js';

/** What a response and its stream have in common. */
export interface Envelope {
  readonly id: string;
  /** Named in the response. */
  readonly model: string;
  /** @default no limit */
  readonly contextWindow: number | undefined;
}

type Block =
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      readonly caller: { readonly type: 'direct' };
    };

/** The answer as one `message` object. */
export function toMessage(answer: AnthropicAnswer, body: MessagesBody, envelope: Envelope) {
  const { stopReason, text } = cut(answer, body, envelope);
  return {
    ...head(body, envelope),
    content: toBlocks({ ...answer, ...(text !== undefined && { text }) }, body, envelope),
    stop_reason: stopReason,
    stop_details: stopDetails(answer, stopReason),
    usage: toUsage(answer, body, envelope),
  };
}

/** The answer as server-sent events, with a ping behind the head as the vendor sends it. */
export function toStreamFrames(answer: AnthropicAnswer, body: MessagesBody, envelope: Envelope): Frame[] {
  const { stopReason, text } = cut(answer, body, envelope);
  const usage = toUsage(answer, body, envelope);
  const blocks = toBlocks({ ...answer, ...(text !== undefined && { text }) }, body, envelope);
  const start = {
    type: 'message_start',
    message: {
      ...head(body, envelope),
      content: [],
      stop_reason: null,
      stop_details: null,
      usage: usage && { ...usage, output_tokens: 1 },
    },
  };
  const delta = {
    type: 'message_delta',
    delta: {
      stop_reason: stopReason,
      stop_sequence: null,
      stop_details: stopDetails(answer, stopReason),
      container: null,
    },
    // Cumulative: adding it to the usage of the head would count everything twice.
    usage: usage && {
      input_tokens: usage.input_tokens,
      cache_creation_input_tokens: usage.cache_creation_input_tokens,
      cache_read_input_tokens: usage.cache_read_input_tokens,
      output_tokens: usage.output_tokens,
      output_tokens_details: usage.output_tokens_details,
      server_tool_use: null,
    },
  };
  return [
    event('start', start),
    ...blocks.flatMap((block, index) => toBlockFrames(block, index)),
    event('finish', delta),
    event('done', { type: 'message_stop' }),
  ];
}

export const ping: Frame = { place: 'start', text: 'event: ping\ndata: {"type": "ping"}\n\n' };

export function event(
  place: Frame['place'],
  data: { readonly type: string; readonly [field: string]: unknown },
): Frame {
  return { place, text: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n` };
}

function toBlockFrames(block: Block, index: number): Frame[] {
  const delta = (part: object) => event('content', { type: 'content_block_delta', index, delta: part });
  const { start, deltas } = open(block);
  return [
    event('start', { type: 'content_block_start', index, content_block: start }),
    ...(index === 0 ? [ping] : []),
    ...deltas.map(delta),
    event('start', { type: 'content_block_stop', index }),
  ];
}

/** A block as it begins, and what is then added to it. */
function open(block: Block): { readonly start: object; readonly deltas: readonly object[] } {
  switch (block.type) {
    case 'text':
      return {
        start: { ...block, text: '' },
        deltas: pieces(block.text).map((text) => ({ type: 'text_delta', text })),
      };
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    case 'redacted_thinking':
      return { start: block, deltas: [] };
    case 'tool_use': {
      const text = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
      const fragments = text === '{}' ? [''] : ['', ...(text.match(/[\s\S]{1,12}/gu) ?? [])];
      return {
        start: { ...block, input: {} },
        deltas: fragments.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      };
    }
  }
}

function head({ model }: MessagesBody, envelope: Envelope) {
  return {
    id: envelope.id,
    type: 'message',
    role: 'assistant',
    model: envelope.model || model,
    content: [],
    container: null,
    diagnostics: null,
    stop_sequence: null,
  };
}

function toBlocks(answer: AnthropicAnswer, { model, thinking }: MessagesBody, { id }: Envelope): Block[] {
  const shown = thinking?.display === 'omitted' ? '' : (answer.thinking ?? '');
  return [
    ...(answer.thinking === undefined
      ? []
      : [{ type: 'thinking' as const, thinking: shown, signature: signThinking(model, shown) }]),
    ...(answer.redacted === undefined
      ? []
      : [{ type: 'redacted_thinking' as const, data: sealThinking(model, answer.redacted) }]),
    ...(answer.text ? [{ type: 'text' as const, text: answer.text, citations: null }] : []),
    ...(answer.toolCalls ?? []).map((call, index) => ({
      type: 'tool_use' as const,
      id: call.id ?? `toolu_${id.slice(-12)}_${index}`,
      name: call.name,
      input: call.input,
      caller: { type: 'direct' as const },
    })),
  ];
}

function toUsage(answer: AnthropicAnswer, body: MessagesBody, envelope: Envelope) {
  const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, thinkingTokens = 0, toolCalls = [] } = answer;
  if (answer.usage === null) return undefined;
  const visible =
    estimateTokens(cut(answer, body, envelope).text ?? '') +
    (toolCalls.length > 0 ? estimateTokens(toolCalls) : 0);
  return {
    // Excludes what was read from the cache or written to it.
    input_tokens:
      answer.usage?.inputTokens ?? Math.max(0, countInput(body) - cacheRead - cacheWrite5m - cacheWrite1h),
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: answer.usage?.outputTokens ?? Math.max(1, visible + thinkingTokens),
    output_tokens_details: thinkingTokens > 0 ? { thinking_tokens: thinkingTokens } : null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
    inference_geo: null,
  };
}

function stopDetails({ refusal }: AnthropicAnswer, stopReason: AnthropicStopReason) {
  return stopReason === 'refusal' ? { type: 'refusal', category: refusal ?? null, explanation: null } : null;
}

/** The text as far as the maximum and the window let it be written, and why it ended. */
function cut(
  answer: AnthropicAnswer,
  body: MessagesBody,
  { contextWindow = Number.POSITIVE_INFINITY }: Envelope,
): { readonly text: string | undefined; readonly stopReason: AnthropicStopReason } {
  const { text, toolCalls = [], stopReason } = answer;
  if (stopReason) return { text, stopReason };
  const room = contextWindow - countInput(body);
  const maximum = Math.min(body.max_tokens, room);
  if (estimateTokens(text ?? '') > maximum) {
    return {
      text: text?.slice(0, maximum * 4),
      stopReason: room < body.max_tokens ? 'model_context_window_exceeded' : 'max_tokens',
    };
  }
  return { text, stopReason: toolCalls.length > 0 ? 'tool_use' : 'end_turn' };
}
