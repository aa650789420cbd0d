import type { JsonValue } from '@loci/core';
import { startAnthropic, type WireBlock } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';
import type { VendorName } from './vendors.js';

/** One thing that was said, in no vendor's form. */
export interface Said {
  readonly role: 'user' | 'result' | 'other';
  readonly text: string;
}

export interface StandInAnswer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: JsonValue }[];
}

/** What a stand-in says to a prompt. Without one it quotes its prompt. */
export type Answerer = (said: readonly Said[]) => StandInAnswer;

/** A server in this process that speaks a vendor's dialect and stands in for it. It is no language model. */
export function startStandIn(vendor: VendorName, answerer?: Answerer) {
  return starters[vendor](answerer);
}

const starters = {
  openai: (answerer?: Answerer) =>
    startOpenAI({
      ...(answerer && {
        answer({ messages }) {
          const { toolCalls = [], ...answer } = answerer(
            messages.map(({ role, content }) => ({ role: roleOf(role), text: textOf(content) })),
          );
          return { ...answer, toolCalls: toolCalls.map(({ name, input }) => ({ name, arguments: input })) };
        },
      }),
    }),
  anthropic: (answerer?: Answerer) =>
    startAnthropic({
      ...(answerer && {
        answer({ messages }) {
          const { reasoning, ...answer } = answerer(
            messages.flatMap(({ role, content }) => blocks(role, content)),
          );
          return { ...answer, ...(reasoning && { thinking: reasoning }) };
        },
      }),
    }),
  mistral: (answerer?: Answerer) =>
    startMistral({
      ...(answerer && {
        answer({ messages }) {
          const { toolCalls = [], ...answer } = answerer(
            messages.map(({ role, content }) => ({ role: roleOf(role), text: textOf(content) })),
          );
          return { ...answer, toolCalls: toolCalls.map(({ name, input }) => ({ name, arguments: input })) };
        },
      }),
    }),
};

/** A message of Anthropic's holds results and words side by side. */
function blocks(role: string, content: string | readonly WireBlock[]): Said[] {
  if (typeof content === 'string') return [{ role: roleOf(role), text: content }];
  return content.map((block) =>
    block.type === 'tool_result'
      ? { role: 'result', text: String(block.content) }
      : { role: block.type === 'text' ? roleOf(role) : 'other', text: block.text ?? '' },
  );
}

function roleOf(role: string): Said['role'] {
  return role === 'user' ? 'user' : role === 'tool' ? 'result' : 'other';
}

type Texts = string | readonly { readonly text?: string }[] | null | undefined;

function textOf(content: Texts): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('\n');
}
