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
 * **A stand-in, no language model:** finds the facts of its input by their form, and lists each once, in its own words,
 * under the usual headings: as many as there is room for by `maxOutputTokens` and by the words it was told. It misses
 * nothing and invents nothing, so what a contender loses it has not shown or has thrown away.
 */
export const extractiveModel: ChatModel = answering('extract', ({ messages, maxOutputTokens: most }) => {
  const texts = messages.flatMap(({ content }) => content.map(partText));
  const found = texts.flatMap((text) => [
    ...text.matchAll(/\b([a-z]+(?: [a-z]+)* of the [a-z]+ [a-z]+)(?: is|:) ([A-Z]{2}-\d{4})\b/g),
  ]);
  const facts = new Map(
    found.map(([, subject, value]) => [value, `- ${subject?.replace(/^.*that the |^the /, '')}: ${value}`]),
  );
  const paths = texts.flatMap((text) => text.match(/\b(?:src\/[\w/-]+\.ts|https:\/\/[\w./-]*\w)/g) ?? []);
  const render = (lines: Iterable<string>) =>
    [
      '## Goal\n- A long conversation.',
      '## Constraints\n- none',
      '## Decisions\n- none',
      ['## Facts', ...lines].join('\n'),
      ['## Artifacts', ...[...new Set(paths)].slice(-8).map((path) => `- ${path}`)].join('\n'),
      '## Progress\n- All of it was read.',
      '## Open\n- none',
    ].join('\n');
  const told = /At most (\d+) words/.exec(texts.at(-1) ?? '')?.[1];
  // Words with exact values in them are long ones.
  const limit = Math.min(
    most ?? maxOutputTokens,
    told === undefined ? maxOutputTokens : (Number(told) * 4) / 3,
  );
  let left = limit - estimateCounter.countText(render([])) - 16;
  const fitting = [...facts.values()].filter((line) => {
    left -= estimateCounter.countText(`${line}\n`) + 1;
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
