import type { Frame } from '../loopback/plan.js';
import { estimateTokens, pieces } from '../loopback/texts.js';
import type { ChatBody, OpenAIAnswer, WireFinishReason } from './answer.js';

/** What a response and all its chunks have in common. */
export interface Envelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

const shared = { service_tier: 'default', system_fingerprint: 'fp_loopback' } as const;

/** The answer as one `chat.completion` object. */
export function toCompletion(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope) {
  const { text, finishReason } = cutToMaximum(answer, body);
  const toolCalls = toToolCalls(answer, envelope);
  const message = {
    role: 'assistant',
    content: text ?? null,
    refusal: answer.refusal ?? null,
    annotations: [],
    ...(answer.reasoning !== undefined && { reasoning_content: answer.reasoning }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  const choices = choiceIndexes(body).map((index) => ({
    index,
    message,
    logprobs: null,
    finish_reason: finishReason,
  }));
  const usage = answer.usage !== false && { usage: toUsage(answer, body) };
  return { ...envelope, object: 'chat.completion', choices, ...usage, ...shared };
}

/** The answer as server-sent events: role, fragments, finish, usage where it was asked for, end marker. */
export function toStreamFrames(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope): Frame[] {
  const wantsUsage = body.stream_options?.include_usage === true;
  const chunk = (place: Frame['place'], choices: readonly unknown[], usage: unknown = null): Frame => ({
    place,
    text: sse({
      ...envelope,
      object: 'chat.completion.chunk',
      choices,
      ...(wantsUsage && { usage }),
      ...shared,
    }),
  });
  const choice = (index: number, delta: object, finishReason: WireFinishReason | null = null) => [
    { index, delta, logprobs: null, finish_reason: finishReason },
  ];

  const frames = choiceIndexes(body).flatMap((index) => [
    chunk('start', choice(index, { role: 'assistant', content: '', refusal: null })),
    ...toDeltas(answer, body, envelope).map((delta) => chunk('content', choice(index, delta))),
    chunk('finish', choice(index, {}, cutToMaximum(answer, body).finishReason)),
  ]);
  if (wantsUsage && answer.usage !== false) frames.push(chunk('usage', [], toUsage(answer, body)));
  return [...frames, { place: 'done', text: 'data: [DONE]\n\n' }];
}

export function sse(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

function toDeltas(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope): object[] {
  const { text } = cutToMaximum(answer, body);
  return [
    ...pieces(answer.reasoning).map((reasoning_content) => ({ reasoning_content })),
    ...pieces(text).map((content) => ({ content })),
    ...pieces(answer.refusal).map((refusal) => ({ refusal })),
    ...toToolCalls(answer, envelope).flatMap(({ id, type, function: called }, index) => [
      { tool_calls: [{ index, id, type, function: { name: called.name, arguments: '' } }] },
      ...(called.arguments.match(/[\s\S]{1,12}/gu) ?? []).map((fragment) => ({
        tool_calls: [{ index, function: { arguments: fragment } }],
      })),
    ]),
  ];
}

/** The calls of an answer, with the ids that they have on the wire. */
export function toToolCalls(answer: OpenAIAnswer, envelope: Envelope) {
  return (answer.toolCalls ?? []).map(({ id, name, arguments: input }, index) => ({
    id: id ?? `call_${envelope.id.slice(-12)}_${index}`,
    type: 'function' as const,
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }));
}

/** The text that fits the request's maximum, and why the answer ends. */
export function cutToMaximum(
  answer: OpenAIAnswer,
  body: ChatBody,
): { text: string | undefined; finishReason: WireFinishReason } {
  const { text, toolCalls = [] } = answer;
  const maximum = body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY;
  if (answer.finishReason) return { text, finishReason: answer.finishReason };
  if (toolCalls.length > 0) return { text, finishReason: 'tool_calls' };
  return estimateTokens(text ?? '') > maximum
    ? { text: text?.slice(0, maximum * 4), finishReason: 'length' }
    : { text, finishReason: 'stop' };
}

/** The tokens of request and answer. */
export function toUsage(answer: OpenAIAnswer, body: ChatBody) {
  const given = answer.usage || undefined;
  const prompt = given?.promptTokens ?? estimateTokens({ messages: body.messages, tools: body.tools });
  const reasoning = answer.reasoningTokens ?? 0;
  const { text = '' } = cutToMaximum(answer, body);
  const visible = estimateTokens(text) + (answer.toolCalls?.length ? estimateTokens(answer.toolCalls) : 0);
  const completion = given?.completionTokens ?? (visible + reasoning) * choiceIndexes(body).length;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: Math.min(answer.cachedTokens ?? 0, prompt),
      cache_write_tokens: answer.cacheWriteTokens ?? 0,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function choiceIndexes(body: ChatBody): number[] {
  return Array.from({ length: body.n ?? 1 }, (_, index) => index);
}
