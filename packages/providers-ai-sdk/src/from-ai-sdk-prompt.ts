import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import {
  createMessage,
  type JsonValue,
  type Message,
  type Origin,
  type Part,
  type Warning,
} from '@loci/core';
import { createWarnings, type Warnings } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
import { toJson } from './json.js';
import { lociName, type Mark, readMark, withMarks } from './marks.js';
import { fromFilePart } from './media.js';

export interface FromPromptOptions {
  /** The model that the reasoning in it is of, so that it can be replayed. @default a model `unknown`, so that it never is */
  readonly origin?: Origin;
  readonly now?: () => number;
  readonly randomId?: () => string;
}

type PromptPart = Exclude<LanguageModelV4Message, { role: 'system' }>['content'][number];

/**
 * A prompt of the AI SDK (V4) as core's messages, with new times and, where `providerOptions.loci.id` names none, new ids. What `toAiSdk` put into provider metadata is
 * taken from provider options again: reasoning returns to the model that it is of. What has no place in core's messages
 * (approvals, custom parts, files that a provider stores) is left out, with a warning.
 *
 * @example
 * const { messages, warnings } = fromAiSdkPrompt(options.prompt);
 */
export function fromAiSdkPrompt(
  prompt: LanguageModelV4Prompt,
  options: FromPromptOptions = {},
): { readonly messages: Message[]; readonly warnings: readonly Warning[] } {
  const warnings = createWarnings();
  const messages = prompt.map((message) => {
    const content: Part[] = [];
    const marks = new Map<number, Mark>();
    for (const part of toParts(message)) {
      const read = fromPart(part, options, warnings);
      if (!read) continue;
      const mark = read.type === 'reasoning' ? undefined : markFor(part, options);
      if (mark) marks.set(content.length, mark);
      content.push(read);
    }
    const id = message.providerOptions?.[lociName]?.['id'];
    return createMessage(
      { ...(typeof id === 'string' && { id }), role: message.role, content, ...withMarks(marks) },
      options,
    );
  });
  return { messages, warnings: warnings.list() };
}

function toParts(message: LanguageModelV4Message): PromptPart[] {
  if (message.role !== 'system') return message.content;
  const { content: text, providerOptions } = message;
  return [{ type: 'text', text, ...(providerOptions && { providerOptions }) }];
}

function fromPart(part: PromptPart, options: FromPromptOptions, warnings: Warnings): Part | undefined {
  const own = part.providerOptions?.[lociName];
  const drop = (what: string) => {
    warnings.add('part-dropped', `What has no place in a conversation of Loci was left out: ${what}.`);
    return undefined;
  };
  switch (part.type) {
    case 'text':
      return {
        type: 'text',
        text: part.text,
        ...(isObject(own) && own['trust'] === 'quoted' && { trust: 'quoted' }),
      };
    case 'file':
      return fromFilePart(part) ?? drop('a reference to a file of the provider');
    case 'reasoning': {
      const mark = readMark(own) ?? markFor(part, options);
      const origin = mark?.origin ?? options.origin ?? { provider: 'ai-sdk', model: 'unknown' };
      const payload = mark?.payload ?? null;
      return { type: 'reasoning', text: part.text, origin, ...(payload !== null && { payload }) };
    }
    case 'tool-call': {
      const { type, toolCallId, toolName, input } = part;
      return { type, toolCallId, toolName, input: toJson(input) };
    }
    case 'tool-result':
      return fromResult(part, drop);
    default:
      return drop(part.type);
  }
}

/** What somebody wants back with a part: as `toAiSdk` named it, or whatever was said of it by the model `options.origin`. */
function markFor({ providerOptions }: PromptPart, { origin }: FromPromptOptions): Mark | undefined {
  const own = readMark(providerOptions?.[lociName]);
  if (own || !origin) return own;
  const said = Object.entries(providerOptions ?? {}).filter(([name]) => name !== lociName);
  return said.length > 0 ? { origin, payload: toJson(Object.fromEntries(said)) } : undefined;
}

function fromResult(
  { type, toolCallId, toolName, output }: LanguageModelV4ToolResultPart,
  drop: (what: string) => undefined,
): Part {
  const isError = output.type.startsWith('error-') || output.type === 'execution-denied';
  return { type, toolCallId, toolName, output: toOutput(output, drop), isError };
}

function toOutput(output: LanguageModelV4ToolResultOutput, drop: (what: string) => undefined): JsonValue {
  if (output.type === 'execution-denied') return output.reason ?? 'The call was not allowed to run.';
  if (output.type !== 'content') return toJson(output.value);
  if (output.value.some((item) => item.type !== 'text')) drop('a file in the result of a tool');
  return output.value.map((item) => (item.type === 'text' ? item.text : '')).join('');
}
