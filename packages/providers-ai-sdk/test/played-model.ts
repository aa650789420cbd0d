import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';

type Play = (options: LanguageModelV4CallOptions) => PromiseLike<LanguageModelV4StreamResult>;

/** An AI SDK model that streams these parts, or does what it is told; it records its calls. */
export function playedModel(
  play: readonly LanguageModelV4StreamPart[] | Play,
  rest: Partial<Pick<LanguageModelV4, 'supportedUrls' | 'provider'>> = {},
): LanguageModelV4 & { readonly calls: readonly LanguageModelV4CallOptions[] } {
  const calls: LanguageModelV4CallOptions[] = [];
  return {
    specificationVersion: 'v4',
    provider: 'test.chat',
    modelId: 'played',
    supportedUrls: {},
    ...rest,
    calls,
    doGenerate: () => Promise.reject(new Error('It only streams.')),
    doStream(options) {
      calls.push(options);
      return typeof play === 'function' ? play(options) : Promise.resolve({ stream: toStream(play) });
    },
  };
}

export function toStream(parts: readonly LanguageModelV4StreamPart[]) {
  return new ReadableStream<LanguageModelV4StreamPart>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

const counts = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };

/** The end of an answer without usage. */
export function finish(
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other' = 'stop',
  raw: string | undefined = unified,
): Extract<LanguageModelV4StreamPart, { type: 'finish' }> {
  return {
    type: 'finish',
    finishReason: { unified, raw },
    usage: { inputTokens: counts, outputTokens: { total: undefined, text: undefined, reasoning: undefined } },
  };
}

/** A text in one piece. */
export function text(words: string, id = '0'): LanguageModelV4StreamPart[] {
  return [
    { type: 'text-start', id },
    { type: 'text-delta', id, delta: words },
    { type: 'text-end', id },
  ];
}
