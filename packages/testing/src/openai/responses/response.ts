import type { Frame } from '../../loopback/plan.js';
import { pieces } from '../../loopback/texts.js';
import type { ChatBody, OpenAIAnswer } from '../answer.js';
import { cutToMaximum, type Envelope, toToolCalls, toUsage } from '../completion.js';
import { encryptedBy } from './encrypted.js';

type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** The answer as one `response` object. */
export function toResponse(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope) {
  const { finishReason } = cutToMaximum(answer, body);
  const reason =
    finishReason === 'length' ? 'max_output_tokens' : finishReason === 'content_filter' ? finishReason : null;
  const status = answer.failure ? 'failed' : reason ? 'incomplete' : 'completed';
  return {
    ...common(envelope, body),
    status,
    error: answer.failure ?? null,
    incomplete_details: reason ? { reason } : null,
    output: answer.failure ? [] : toItems(answer, body, envelope),
    ...(answer.usage !== false && { usage: toResponseUsage(answer, body) }),
  };
}

/** The answer as typed events with their numbers, which end with one of the three end markers. */
export function toResponseFrames(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope): Frame[] {
  let sequence = 0;
  const event = (place: Frame['place'], type: string, fields: object): Frame => ({
    place,
    text: toEvent(type, { ...fields, sequence_number: sequence++ }),
  });
  const begun = {
    ...common(envelope, body),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    output: [],
  };
  const final = toResponse(answer, body, envelope);
  const frames = [
    event('start', 'response.created', { response: begun }),
    event('start', 'response.in_progress', { response: begun }),
  ];
  for (const [index, item] of final.output.entries()) frames.push(...toItemFrames(item, index, event));
  return [...frames, event('finish', `response.${final.status}`, { response: final })];
}

export function toEvent(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function common(envelope: Envelope, body: ChatBody) {
  return {
    id: envelope.id.replace('chatcmpl-', 'resp_'),
    object: 'response' as const,
    created_at: envelope.created,
    model: envelope.model,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    top_p: 1,
    tool_choice: 'auto' as const,
    tools: [],
    ...(typeof body['store'] === 'boolean' && { store: body['store'] }),
  };
}

function toItems(answer: OpenAIAnswer, body: ChatBody, envelope: Envelope): Item[] {
  const suffix = envelope.id.slice(-12);
  const { text, finishReason } = cutToMaximum(answer, body);
  const status = finishReason === 'length' ? 'incomplete' : 'completed';
  const wantsEncrypted = [body['include']].flat().includes('reasoning.encrypted_content');
  const items: Item[] = [];
  if (answer.reasoning !== undefined) {
    const summary = answer.reasoning === '' ? [] : [{ type: 'summary_text', text: answer.reasoning }];
    const encrypted = wantsEncrypted && { encrypted_content: encryptedBy(answer.reasoning) };
    items.push({ id: `rs_${suffix}`, type: 'reasoning', summary, ...encrypted });
  }
  const content = [
    ...(text === undefined ? [] : [{ type: 'output_text', text, annotations: [], logprobs: [] }]),
    ...(answer.refusal === undefined ? [] : [{ type: 'refusal', refusal: answer.refusal }]),
  ];
  if (content.length > 0)
    items.push({ id: `msg_${suffix}`, type: 'message', role: 'assistant', status, content });
  for (const [index, call] of toToolCalls(answer, envelope).entries()) {
    const { name, arguments: input } = call.function;
    items.push({
      id: `fc_${suffix}_${index}`,
      type: 'function_call',
      status,
      call_id: call.id,
      name,
      arguments: input,
    });
  }
  return items;
}

type MakeEvent = (place: Frame['place'], type: string, fields: object) => Frame;

function toItemFrames(item: Item, output_index: number, event: MakeEvent): Frame[] {
  const at = { item_id: item.id, output_index };
  return [
    event('start', 'response.output_item.added', { output_index, item: toUnfinished(item) }),
    ...toContentFrames(item, at, event),
    event('start', 'response.output_item.done', { output_index, item }),
  ];
}

/** As an item is when it is announced. Its encrypted content is not yet the one to keep. */
function toUnfinished(item: Item): Item {
  const begun = { ...item, status: 'in_progress' };
  if (item.type === 'message') return { ...begun, content: [] };
  if (item.type === 'function_call') return { ...begun, arguments: '' };
  return {
    ...item,
    summary: [],
    ...('encrypted_content' in item && { encrypted_content: 'gAAAAABunfinished' }),
  };
}

function toContentFrames(item: Item, at: object, event: MakeEvent): Frame[] {
  if (item.type === 'function_call') {
    const input = String(item['arguments']);
    const fragments = (input.match(/[\s\S]{1,12}/gu) ?? []).map((delta) =>
      event('content', 'response.function_call_arguments.delta', { ...at, delta }),
    );
    const done = { ...at, name: item['name'], arguments: input };
    return [...fragments, event('start', 'response.function_call_arguments.done', done)];
  }
  const parts = (item[item.type === 'reasoning' ? 'summary' : 'content'] ?? []) as readonly Part[];
  return parts.flatMap((part, index) => toPartFrames(item.type, part, { ...at, index }, event));
}

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly refusal?: string;
}

function toPartFrames(
  type: string,
  part: Part,
  { index, ...at }: { readonly index: number },
  event: MakeEvent,
): Frame[] {
  const isSummary = type === 'reasoning';
  const where = { ...at, [isSummary ? 'summary_index' : 'content_index']: index };
  const field = part.type === 'refusal' ? 'refusal' : 'text';
  const names = isSummary
    ? ['reasoning_summary_part', 'reasoning_summary_text']
    : ['content_part', part.type === 'refusal' ? 'refusal' : 'output_text'];
  const extra = part.type === 'output_text' ? { logprobs: [] } : {};
  const text = part[field] ?? '';
  return [
    event('start', `response.${names[0]}.added`, { ...where, part: { ...part, [field]: '' } }),
    ...pieces(text).map((delta) =>
      event('content', `response.${names[1]}.delta`, { ...where, delta, ...extra }),
    ),
    event('start', `response.${names[1]}.done`, { ...where, [field]: text, ...extra }),
    event('start', `response.${names[0]}.done`, { ...where, part }),
  ];
}

function toResponseUsage(answer: OpenAIAnswer, body: ChatBody) {
  const usage = toUsage(answer, body);
  const { cacheWriteTokens = 0, cacheWrite12hTokens = 0 } = answer;
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: {
      cached_tokens: usage.prompt_tokens_details.cached_tokens,
      cache_write_tokens: cacheWriteTokens,
      cache_write_tokens_details: {
        ttl_30m_tokens: cacheWriteTokens - cacheWrite12hTokens,
        ttl_12h_tokens: cacheWrite12hTokens,
      },
    },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: usage.completion_tokens_details.reasoning_tokens },
    total_tokens: usage.total_tokens,
  };
}
