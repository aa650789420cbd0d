import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ChatEvent, ChatResponse, Part, Warning } from '@loci/core';
import { malformed } from '@loci/core/provider';
import { toAiSdkFinishReason } from './map-finish-reason.js';
import { toAiSdkUsage } from './map-usage.js';
import { toAiSdkWarning } from './map-warnings.js';
import { metadataOf, responseMetadata, toFile, toToolCall } from './to-ai-sdk-content.js';

export interface ToStreamOptions {
  readonly modelId: string;
  /** What of the call could not be sent. @default none */
  readonly warnings?: readonly Warning[];
}

type Delta = Exclude<ChatEvent, { type: 'finish' | 'restart' }>;

/** What was streamed of a part. */
interface Block {
  readonly type: 'text' | 'reasoning' | 'tool-call';
  /** Of the block in the stream; of a tool call its own. */
  readonly id: string;
  text: string;
  ended: boolean;
}

/**
 * A stream of core as one of the AI SDK (V4). Blocks end only with the answer, because only then it is known what their
 * vendor wants back with them, and a tool call is final only then. Throws what the events throw, and `ModelError`
 * `malformed` for an answer that is not what its deltas said.
 */
export async function* toAiSdkStream(
  events: AsyncIterable<ChatEvent>,
  { modelId, warnings = [] }: ToStreamOptions,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  yield { type: 'stream-start', warnings: warnings.map(toAiSdkWarning) };
  yield { type: 'response-metadata', modelId };
  const blocks = new Map<number, Block>();
  for await (const event of events) {
    if (event.type === 'finish') {
      yield* toEnd(event.response, [...blocks.values()]);
      return;
    }
    if (event.type === 'restart') throw malformed('it began again for a reader that cannot take it back');
    const begun = blocks.get(event.partIndex);
    const block = begun ?? toBlock(event);
    blocks.set(event.partIndex, block);
    if (!begun) yield toStart(event, block.id);
    const delta = event.type === 'tool-call-delta' ? event.inputText : event.text;
    block.text += delta;
    if (delta !== '') yield { type: `${nameOf(block)}-delta`, id: block.id, delta };
  }
}

function toBlock(event: Delta): Block {
  const shared = { text: '', ended: false };
  return event.type === 'tool-call-delta'
    ? { type: 'tool-call', id: event.toolCallId, ...shared }
    : { type: event.type === 'text-delta' ? 'text' : 'reasoning', id: String(event.partIndex), ...shared };
}

function toStart(event: Delta, id: string): LanguageModelV4StreamPart {
  return event.type === 'tool-call-delta'
    ? { type: 'tool-input-start', id, toolName: event.toolName }
    : { type: event.type === 'text-delta' ? 'text-start' : 'reasoning-start', id };
}

/** The prefix of the kinds of stream parts that make the block. */
function nameOf({ type }: Block): 'text' | 'reasoning' | 'tool-input' {
  return type === 'tool-call' ? 'tool-input' : type;
}

function* toEnd(response: ChatResponse, blocks: readonly Block[]): Generator<LanguageModelV4StreamPart> {
  const { message, model, usage, finishReason } = response;
  yield {
    type: 'response-metadata',
    id: message.id,
    timestamp: new Date(message.createdAt),
    modelId: model.modelId,
  };
  for (const [index, part] of message.content.entries()) {
    const metadata = metadataOf(message, part, index);
    if (part.type === 'text' || part.type === 'reasoning') {
      const block = blocks.find(({ type, text, ended }) => type === part.type && !ended && text !== '');
      if (block && part.text.startsWith(block.text)) {
        block.ended = true;
        const delta = part.text.slice(block.text.length);
        if (delta !== '') yield { type: `${part.type}-delta`, id: block.id, delta };
        yield { type: `${part.type}-end`, id: block.id, ...metadata };
      } else {
        // Nothing of it was streamed, for example of reasoning that is sealed.
        const id = `whole-${index}`;
        yield { type: `${part.type}-start`, id };
        if (part.text !== '') yield { type: `${part.type}-delta`, id, delta: part.text };
        yield { type: `${part.type}-end`, id, ...metadata };
      }
    } else if (part.type === 'tool-call') {
      yield* endInput(blocks.find(({ type, id }) => type === 'tool-call' && id === part.toolCallId));
      yield toToolCall(part, metadata);
    } else if (isMedia(part)) yield* toFile(part);
  }
  for (const block of blocks) {
    if (block.ended) continue;
    // What was shown as the answer cannot be taken back; reasoning and a call that was cut off may be.
    if (block.type === 'text' && block.text !== '') throw malformed('it is not what its deltas said');
    yield { type: `${nameOf(block)}-end`, id: block.id };
  }
  yield {
    type: 'finish',
    finishReason: toAiSdkFinishReason(finishReason),
    usage: toAiSdkUsage(usage),
    providerMetadata: responseMetadata(response, true),
  };
}

function* endInput(block: Block | undefined): Generator<LanguageModelV4StreamPart> {
  if (!block || block.ended) return;
  block.ended = true;
  yield { type: 'tool-input-end', id: block.id };
}

function isMedia(part: Part): part is Extract<Part, { type: 'image' | 'file' }> {
  return part.type === 'image' || part.type === 'file';
}
