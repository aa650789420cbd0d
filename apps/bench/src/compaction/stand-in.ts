import {
  type ChatModel,
  type ChatRequest,
  createMessage,
  defineModel,
  type Message,
  type Part,
} from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import { traits } from '../suites/constant-model.js';
import type { Trace, TraceStep } from './trace.js';

/** Tokens, of every model in this suite. */
export const contextWindow = 32_768;
const maxOutputTokens = 4096;
const fullTraits = { ...traits, contextWindow, maxOutputTokens };

/** What the model answers after a message with this mark: a number into the steps of the trace. */
const mark = 'step';

/** Marks a message as the one that is followed by this step of the trace. Marks are metadata: no vendor would see them. */
export function followedBy(step: number): { readonly metadata: { readonly [mark]: number } } {
  return { metadata: { [mark]: step } };
}

/** Whether a request asks for the next step of a trace; every other one asks for a summary. */
export function asksForStep({ messages }: ChatRequest): boolean {
  return typeof messages.at(-1)?.metadata?.[mark] === 'number';
}

/** **A stand-in, no language model:** answers what the trace says that the model answered, whatever it was given. */
export function traceModel(trace: Trace): ChatModel {
  const steps = trace.turns.flatMap((turn) => turn.steps);
  return answering('trace', ({ messages }) => {
    const step = messages.at(-1)?.metadata?.[mark] as number;
    return toParts(steps[step] ?? { text: 'A lot.', calls: [], takesMs: 0 }, step);
  });
}

/**
 * **A stand-in, no language model:** the sentences of its input that hold an exact value, each once, under the usual
 * headings, and as many of them as `maxOutputTokens` has room for. It misses nothing and invents nothing, so what a
 * contender loses it has not shown or has thrown away.
 */
export const extractiveModel: ChatModel = answering('extract', ({ messages, maxOutputTokens: most }) => {
  const texts = messages.flatMap(({ content }) => content.map(partText));
  const found = texts.flatMap((text) => text.match(/[A-Z][^.!?\n]*\b[A-Z]{2}-\d{4}\./g) ?? []);
  const byValue = new Map(found.map((sentence) => [sentence.slice(-8), sentence.trim()]));
  const paths = texts.flatMap((text) => text.match(/\b(?:src\/[\w/-]+\.ts|https:\/\/[\w./-]*\w)/g) ?? []);
  const isDecision = (sentence: string) => sentence.includes('decided');
  const render = (sentences: readonly string[]) => {
    const listed = (lines: readonly string[]) => lines.map((line) => `- ${line}\n`).join('') || '- none\n';
    const sections: readonly (readonly [string, readonly string[]])[] = [
      ['Goal', ['Go on with the conversation.']],
      ['Constraints', []],
      ['Decisions', sentences.filter(isDecision)],
      ['Facts', sentences.filter((sentence) => !isDecision(sentence))],
      ['Artifacts', [...new Set(paths)].slice(-8)],
      ['Progress', ['Everything above was read.']],
      ['Open', []],
    ];
    return sections.map(([title, lines]) => `## ${title}\n${listed(lines)}`).join('');
  };
  const sentences = [...byValue.values()];
  let left = (most ?? maxOutputTokens) - estimateCounter.countText(render([])) - 16;
  const fitting = sentences.filter((sentence) => {
    left -= estimateCounter.countText(`- ${sentence}\n`) + 1;
    return left >= 0;
  });
  return [{ type: 'text', text: render(fitting) }];
});

/** The text of one part, as a model reads it. */
export function partText(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool-call':
      return JSON.stringify(part.input);
    case 'tool-result':
      return typeof part.output === 'string' ? part.output : JSON.stringify(part.output);
    default:
      return '';
  }
}

function answering(modelId: string, answer: (request: ChatRequest) => Part[]): ChatModel {
  return defineModel({
    provider: 'bench',
    modelId,
    traits: fullTraits,
    async *stream(request) {
      const content = answer(request);
      const message: Message = createMessage({
        role: 'assistant',
        id: `answer to ${request.messages.at(-1)?.id}`,
        createdAt: 0,
        content,
      });
      const finishReason = content.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop';
      yield {
        type: 'finish',
        response: { message, finishReason, usage: null, model: { provider: 'bench', modelId }, warnings: [] },
      };
    },
  });
}

function toParts({ text, calls }: TraceStep, step: number): Part[] {
  return [
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...calls.map(({ toolName, input }, index) => ({
      type: 'tool-call' as const,
      toolCallId: `call-${step}-${index}`,
      toolName,
      input,
    })),
  ];
}
