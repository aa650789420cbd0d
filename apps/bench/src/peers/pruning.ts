import type { Message, Part } from '@loci/core';
import type { Contender } from '../compaction/contender.js';
import { rewriting } from '../compaction/rewriting.js';
import { load } from './load.js';

/** The little that is called of the AI SDK. */
interface AiSdk {
  pruneMessages(options: object): readonly ModelMessage[];
}
interface ModelMessage {
  readonly role: Message['role'];
  readonly content: readonly { readonly type: string; readonly toolCallId?: string }[];
  readonly providerOptions: { readonly bench: { readonly id: string } };
}

/** `pruneMessages` of the AI SDK before every call, as its page shows it: old calls and results go, texts stay for ever. */
export async function openPruning(folder: string): Promise<readonly Contender[]> {
  const { pruneMessages } = await load<AiSdk>(folder, 'ai');
  const contender = rewriting('AI SDK pruneMessages, calls before the last 20 messages', () => (history) => {
    const originals = new Map(history.map((message) => [message.id, message]));
    const pruned = pruneMessages({
      messages: history.map(toModelMessage),
      reasoning: 'all',
      toolCalls: 'before-last-20-messages',
      emptyMessages: 'remove',
    });
    const prompt = pruned.flatMap((message) => {
      const original = originals.get(message.providerOptions.bench.id);
      return original ? [withParts(original, message)] : [];
    });
    return { history, prompt };
  });
  return [contender];
}

function toModelMessage({ id, role, content }: Message): ModelMessage {
  return { role, content: content.map(toModelPart), providerOptions: { bench: { id } } };
}

function toModelPart(part: Part): ModelMessage['content'][number] {
  if (part.type !== 'tool-result') return part;
  return { ...part, output: { type: 'text', value: part.output } } as ModelMessage['content'][number];
}

/** The original itself where nothing was pruned of it. */
function withParts(original: Message, { content }: ModelMessage): Message {
  if (content.length === original.content.length) return original;
  const left = new Set(content.map(keyOf));
  return { ...original, content: original.content.filter((part) => left.has(keyOf(part))) };
}

function keyOf(part: { readonly type: string; readonly toolCallId?: string }): string {
  return `${part.type} ${part.toolCallId ?? ''}`;
}
