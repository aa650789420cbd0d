import {
  type CallOptions,
  type CallTimeouts,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  collectStream,
  createMessage,
  ModelError,
  type ModelErrorData,
  type Part,
  type Usage,
} from '@loci/core';
import type { ModelContext, ModelSubject } from '@loci/testing/model';

export type Mutation = (subject: ModelSubject, context: ModelContext) => ModelSubject;
export type Stream = (request: ChatRequest, options?: CallOptions) => AsyncIterable<ChatEvent>;

/** Another stream, and `generate` made of it. */
export const streams =
  (change: (inner: Stream, subject: ModelSubject, context: ModelContext) => Stream): Mutation =>
  (subject, context) => {
    const stream = change(subject.model.stream, subject, context);
    const generate = (request: ChatRequest, options?: CallOptions) => collectStream(stream(request, options));
    return { ...subject, model: Object.freeze({ ...subject.model, stream, generate }) };
  };
/** Another response at the end of the stream. */
export const responses = (change: (response: ChatResponse) => ChatResponse): Mutation =>
  streams(
    (inner) =>
      async function* (request, options) {
        for await (const event of inner(request, options))
          yield event.type === 'finish' ? { ...event, response: change(event.response) } : event;
      },
  );
/** Another request reaches the model. */
export const requests = (change: (request: ChatRequest) => ChatRequest): Mutation =>
  streams((inner) => (request, options) => inner(change(request), options));
/** The parts of the request are others. */
export const sends = (change: (part: Part) => readonly Part[]): Mutation =>
  requests((request) => ({
    ...request,
    messages: request.messages.map((message) => ({ ...message, content: message.content.flatMap(change) })),
  }));
/** The request loses this field. */
export const forgets = (field: keyof ChatRequest): Mutation =>
  requests((request) =>
    Object.assign(
      {},
      ...Object.entries(request).map(([name, value]) => (name === field ? {} : { [name]: value })),
    ),
  );
/** Other counts in the response. */
export const counts = (change: (usage: Usage) => Partial<Usage>): Mutation =>
  responses((response) => ({
    ...response,
    usage: response.usage && { ...response.usage, ...change(response.usage) },
  }));
/** Other limits in the call. */
export const limits = (change: (timeouts: CallTimeouts) => CallTimeouts): Mutation =>
  streams(
    (inner) =>
      (request, { timeouts = {}, ...options } = {}) =>
        inner(request, { ...options, timeouts: { ...timeouts, ...change(timeouts) } }),
  );
/** Other parts in the response. */
export const parts = (change: (part: Part) => Part): Mutation =>
  responses((response) => ({
    ...response,
    message: { ...response.message, content: response.message.content.map(change) },
  }));
/** Another error, or events in place of it. */
export const errors = (
  change: (error: ModelError, subject: ModelSubject) => ModelError | readonly ChatEvent[],
): Mutation =>
  streams(
    (inner, subject) =>
      async function* (request, options) {
        try {
          yield* inner(request, options);
        } catch (error) {
          const changed = ModelError.isInstance(error) ? change(error, subject) : (error as ModelError);
          if (!(Symbol.iterator in changed)) throw changed;
          yield* changed;
        }
      },
  );
export const other = (data: Partial<ModelErrorData>) => errors((error) => error.with(data));
/** Takes what had come for a whole answer. */
export const succeeds = errors(({ partial }) => [
  {
    type: 'finish',
    response: {
      message: partial ?? createMessage({ role: 'assistant', content: '' }),
      finishReason: 'stop',
      usage: null,
      model: { provider: 'example', modelId: 'good' },
      warnings: [],
    },
  },
]);
export const deaf = streams(
  (inner) =>
    (request, { signal: _, ...options } = {}) =>
      inner(request, options),
);
export const timeless = streams(
  (inner) =>
    (request, { timeouts: _, deadlineAt: __, ...options } = {}) =>
      inner(request, options),
);
/** The loop is left, and what it opened is not. */
export const leaky = streams(
  (inner) =>
    async function* (request, options) {
      const events = inner(request, options)[Symbol.asyncIterator]();
      for (let next = await events.next(); !next.done; next = await events.next()) yield next.value;
    },
);
export const delta: ChatEvent = { type: 'text-delta', partIndex: 0, text: 'more' };
