import type { JsonValue } from '@loci/core';
import { quotingAnswer } from '@loci/testing';
import { startAnthropic, type WireBlock } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';
import type { VendorName } from './vendors.js';

/** One thing that was said, in no vendor's form. */
interface Said {
  readonly role: 'system' | 'user' | 'assistant' | 'result';
  readonly text: string;
}

interface StandInAnswer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: JsonValue }[];
}

/** What a stand-in says to a prompt. */
export type Answerer = (said: readonly Said[]) => StandInAnswer | Promise<StandInAnswer>;

/** Quotes the prompt, as stand-ins do by themselves. */
export const quotes: Answerer = (said) => ({
  text: quotingAnswer(said.map(({ role, text }) => ({ role, texts: [text] }))),
});

export interface StandInOptions {
  /** @default quotes its prompt, and says that it is a stand-in */
  readonly answerer?: Answerer;
  /** @default one that is free */
  readonly port?: number;
}

/** A server in this process that speaks a vendor's dialect and stands in for it. It is no language model. */
export function startStandIn(vendor: VendorName, options: StandInOptions = {}) {
  return starters[vendor](options);
}

const starters = {
  openai: ({ answerer, ...options }: StandInOptions) =>
    startOpenAI({
      ...options,
      ...(answerer && { answer: ({ messages }) => answerChat(answerer, messages) }),
    }),
  anthropic: ({ answerer, ...options }: StandInOptions) =>
    startAnthropic({
      ...options,
      ...(answerer && {
        async answer({ messages }) {
          const { reasoning, ...answer } = await answerer(
            messages.flatMap(({ role, content }) => blocks(role, content)),
          );
          return { ...answer, ...(reasoning && { thinking: reasoning }) };
        },
      }),
    }),
  mistral: ({ answerer, ...options }: StandInOptions) =>
    startMistral({
      ...options,
      ...(answerer && { answer: ({ messages }) => answerChat(answerer, messages) }),
    }),
};

/** OpenAI and Mistral say it alike. */
async function answerChat(
  answerer: Answerer,
  messages: readonly { readonly role: string; readonly content?: Texts }[],
) {
  const { toolCalls = [], ...answer } = await answerer(
    messages.map(({ role, content }) => ({ role: roleOf(role), text: textOf(content) })),
  );
  return { ...answer, toolCalls: toolCalls.map(({ name, input }) => ({ name, arguments: input })) };
}

/** A message of Anthropic's holds results and words side by side. */
function blocks(role: string, content: string | readonly WireBlock[]): Said[] {
  if (typeof content === 'string') return [{ role: roleOf(role), text: content }];
  return content.map((block) =>
    block.type === 'tool_result'
      ? { role: 'result', text: String(block.content) }
      : { role: block.type === 'text' ? roleOf(role) : 'assistant', text: block.text ?? '' },
  );
}

function roleOf(role: string): Said['role'] {
  if (role === 'tool') return 'result';
  return role === 'user' || role === 'assistant' ? role : 'system';
}

type Texts = string | readonly { readonly text?: string }[] | null | undefined;

function textOf(content: Texts): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('\n');
}
