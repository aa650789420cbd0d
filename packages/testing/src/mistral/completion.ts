import type { Frame } from '../loopback/plan.js';
import { estimateTokens, pieces } from '../loopback/texts.js';
import { sse } from '../openai/completion.js';
import type { MistralAnswer, MistralBody, MistralFinishReason } from './answer.js';

/** What a response and all its chunks have in common. */
export interface Envelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** The answer as one `chat.completion` object. */
export function toCompletion(answer: MistralAnswer, body: MistralBody, envelope: Envelope, usage = true) {
  const { text, finishReason } = cutToMaximum(answer, body);
  const calls = toToolCalls(answer, envelope);
  const chunked = answer.reasoning !== undefined || answer.textAsChunks;
  const content = chunked
    ? [...toThinking(answer), ...(text === undefined ? [] : [{ type: 'text', text }])]
    : (text ?? '');
  const message = { role: 'assistant', content, tool_calls: calls.length > 0 ? calls : null, prefix: false };
  const choices = choiceIndexes(body).map((index) => ({ index, finish_reason: finishReason, message }));
  return {
    ...envelope,
    object: 'chat.completion',
    choices,
    ...(usage && { usage: toUsage(answer, body) }),
  };
}

/** The answer as server-sent events: role, pieces, finish with the usage, end marker. */
export function toStreamFrames(
  answer: MistralAnswer,
  body: MistralBody,
  envelope: Envelope,
  usage = true,
): Frame[] {
  const chunk = (place: Frame['place'], choice: object, extra: object = {}): Frame => ({
    place,
    text: sse({ ...envelope, object: 'chat.completion.chunk', choices: [choice], ...extra }),
  });
  const { finishReason } = cutToMaximum(answer, body);
  const frames = choiceIndexes(body).flatMap((index) => [
    chunk('start', { index, delta: { role: 'assistant', content: '' }, finish_reason: null }),
    ...toDeltas(answer, body, envelope).map((delta) =>
      chunk('content', { index, delta, finish_reason: null }),
    ),
    chunk(
      'finish',
      { index, delta: { content: '' }, finish_reason: finishReason },
      usage ? { usage: toUsage(answer, body) } : {},
    ),
  ]);
  return [...frames, { place: 'done', text: 'data: [DONE]\n\n' }];
}

function toDeltas(answer: MistralAnswer, body: MistralBody, envelope: Envelope): object[] {
  const { text } = cutToMaximum(answer, body);
  const calls = toToolCalls(answer, envelope);
  return [
    ...toThinking(answer, pieces(answer.reasoning)).map((chunk) => ({ content: [chunk] })),
    ...pieces(text).map((piece) => ({
      content: answer.textAsChunks ? [{ type: 'text', text: piece }] : piece,
    })),
    ...(answer.callsInPieces
      ? calls.flatMap(toFragments)
      : calls.length > 0
        ? [{ content: '', tool_calls: calls }]
        : []),
  ];
}

function toThinking(
  { reasoning, signature }: MistralAnswer,
  parts: readonly string[] = reasoning ? [reasoning] : [],
) {
  return parts.map((text, index) => ({
    type: 'thinking',
    thinking: [{ type: 'text', text }],
    ...(signature !== undefined && index === parts.length - 1 && { signature }),
  }));
}

type Call = ReturnType<typeof toToolCalls>[number];

/** A first fragment with id and name, and then the rest of the arguments under the same index. */
function toFragments({ function: called, ...call }: Call): object[] {
  const text = typeof called.arguments === 'string' ? called.arguments : JSON.stringify(called.arguments);
  const fragments = text.match(/[\s\S]{1,12}/gu) ?? [''];
  return fragments.map((fragment, index) => ({
    tool_calls: [
      index === 0
        ? { ...call, function: { name: called.name, arguments: fragment } }
        : { index: call.index, function: { name: '', arguments: fragment } },
    ],
  }));
}

function toToolCalls(answer: MistralAnswer, envelope: Envelope) {
  return (answer.toolCalls ?? []).map(({ id, name, arguments: input }, index) => ({
    ...(id !== null && { id: id ?? `${envelope.id.slice(-7)}${index}`.padStart(9, 'c').slice(-9) }),
    type: 'function' as const,
    function: { name, arguments: toArguments(input) },
    index,
  }));
}

/** The vendor sends text or an object; anything else is sent as text. */
function toArguments(input: NonNullable<MistralAnswer['toolCalls']>[number]['arguments']) {
  if (typeof input === 'string') return input;
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : JSON.stringify(input);
}

function cutToMaximum(
  answer: MistralAnswer,
  body: MistralBody,
): { readonly text: string | undefined; readonly finishReason: MistralFinishReason } {
  const { text, toolCalls = [] } = answer;
  if (answer.finishReason) return { text, finishReason: answer.finishReason };
  if (toolCalls.length > 0) return { text, finishReason: 'tool_calls' };
  const maximum = body.max_tokens ?? Number.POSITIVE_INFINITY;
  return estimateTokens(text ?? '') > maximum
    ? { text: text?.slice(0, maximum * 4), finishReason: 'length' }
    : { text, finishReason: 'stop' };
}

function toUsage(answer: MistralAnswer, body: MistralBody) {
  const prompt = answer.usage?.promptTokens ?? estimateTokens({ messages: body.messages, tools: body.tools });
  const { text = '' } = cutToMaximum(answer, body);
  const completion =
    answer.usage?.completionTokens ??
    (estimateTokens(text) +
      estimateTokens(answer.reasoning ?? '') +
      (answer.toolCalls?.length ? estimateTokens(answer.toolCalls) : 0)) *
      choiceIndexes(body).length;
  const { cachedTokens = 0, cachedIn = 'prompt_tokens_details' } = answer;
  const cached = Math.min(cachedTokens, prompt);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    [cachedIn]: cachedIn === 'num_cached_tokens' ? cached : { cached_tokens: cached },
  };
}

function choiceIndexes(body: MistralBody): number[] {
  return Array.from({ length: body.n ?? 1 }, (_, index) => index);
}
