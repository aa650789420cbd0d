import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { Message, Part, ToolCallPart, ToolResultPart, Warning } from '@loci/core';
import { type CompiledConversation, compileConversation, type LossReport } from '@loci/core/conversation';
import { toSdkJson } from './json.js';
import { isSameOrigin, markOf, ownMetadata, toProviderOptions } from './marks.js';
import { toFilePart } from './media.js';
import { type PromptDialectOptions, promptDialect } from './prompt-dialect.js';

type Content<R extends 'user' | 'assistant' | 'tool'> = Extract<
  LanguageModelV4Message,
  { role: R }
>['content'][number];
type PromptPart = Content<'user'> | Content<'assistant'> | Content<'tool'>;

export interface ToPromptOptions extends PromptDialectOptions {
  /** Ids of the messages that end a prefix which is expected to be sent again. @default none */
  readonly prefixEnds?: readonly string[];
  /**
   * Provider options that mark the end of such a prefix, for example `{ anthropic: { cacheControl: { type: 'ephemeral' } } }`.
   * @default none: no part is marked
   */
  readonly cacheMark?: SharedV4ProviderOptions;
}

/**
 * The messages as a prompt of the AI SDK (V4). It is legal for every vendor: system messages come first, results
 * directly follow their calls, ids and names are rewritten where a vendor would refuse them, blank texts are left out.
 * Reasoning, and what else the provider wants back, is replayed only to `origin`. What was lost is in `warnings` and,
 * part by part, in `report`. Ids, times, pins, tags and agents of messages have no place in a prompt.
 *
 * @example
 * const { prompt, warnings } = toAiSdkPrompt(thread.messages);
 */
export function toAiSdkPrompt(
  messages: readonly Message[],
  options: ToPromptOptions = {},
): {
  readonly prompt: LanguageModelV4Prompt;
  readonly warnings: readonly Warning[];
  readonly report: LossReport;
} {
  const compiled = compileConversation(messages, promptDialect(options));
  const { warnings, report } = compiled;
  return { prompt: toPrompt(messages, compiled, options), warnings, report };
}

/** Messages that were compiled for `promptDialect`, part by part. `given` are those that they were compiled from. */
export function toPrompt(
  given: readonly Message[],
  compiled: CompiledConversation,
  { origin, prefixEnds = [], cacheMark }: ToPromptOptions,
): LanguageModelV4Prompt {
  const parts = compiled.messages.map(({ content }) => content.map(toPromptPart));
  const add = (
    at: { message: number; part: number } | undefined,
    more: SharedV4ProviderOptions | undefined,
  ) => {
    const part = at && parts[at.message]?.[at.part];
    if (part && more) part.providerOptions = { ...part.providerOptions, ...more };
  };
  for (const { messageIndex, partIndex, at } of [...compiled.report.kept, ...compiled.report.rewritten]) {
    const mark = markOf(given[messageIndex], partIndex);
    if (mark && isSameOrigin(mark.origin, origin)) add(at, toProviderOptions(mark.payload));
  }
  for (const id of prefixEnds) add(compiled.endOf(id), cacheMark);
  return compiled.messages.flatMap(({ role }, index) => toMessages(role, parts[index] ?? []));
}

/** A system message has one text, so each of its parts becomes one. */
function toMessages(
  role: Message['role'],
  parts: readonly (PromptPart | undefined)[],
): LanguageModelV4Message[] {
  const content = parts.filter((part) => part !== undefined);
  if (role === 'system')
    return content.flatMap((part) =>
      part.type === 'text'
        ? [
            {
              role,
              content: part.text,
              ...(part.providerOptions && { providerOptions: part.providerOptions }),
            },
          ]
        : [],
    );
  // The compiler puts into a message only what its role holds.
  return [{ role, content } as LanguageModelV4Message];
}

function toPromptPart(part: Part): PromptPart | undefined {
  switch (part.type) {
    case 'text': {
      const { text, trust } = part;
      return { type: 'text', text, ...(trust && { providerOptions: ownMetadata({ trust }) }) };
    }
    case 'image':
    case 'file':
      return toFilePart(part);
    case 'reasoning': {
      const providerOptions = toProviderOptions(part.payload);
      return { type: 'reasoning', text: part.text, ...(providerOptions && { providerOptions }) };
    }
    case 'tool-call':
      return toCall(part);
    case 'tool-result':
      return toResult(part);
  }
}

function toCall({ type, toolCallId, toolName, input }: ToolCallPart): Content<'assistant'> {
  return { type, toolCallId, toolName, input };
}

function toResult({ type, toolCallId, toolName, output, isError }: ToolResultPart): Content<'tool'> {
  // Vendors refuse a blank text; as JSON it has its quotes.
  const isText = typeof output === 'string' && output.trim() !== '';
  return {
    type,
    toolCallId,
    toolName,
    output: isText
      ? { type: isError ? 'error-text' : 'text', value: output }
      : { type: isError ? 'error-json' : 'json', value: toSdkJson(output) },
  };
}
