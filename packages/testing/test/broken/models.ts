import {
  type CallOptions,
  type ChatEvent,
  type ChatRequest,
  type ChatResponse,
  collectStream,
  createMessage,
  ModelError,
  type ModelErrorData,
  type Part,
} from '@loci/core';
import type { ModelContext, ModelSubject } from '@loci/testing/model';

type Mutation = (subject: ModelSubject, context: ModelContext) => ModelSubject;
type Stream = (request: ChatRequest, options?: CallOptions) => AsyncIterable<ChatEvent>;

/** Another stream, and `generate` made of it. */
const streams =
  (change: (inner: Stream, subject: ModelSubject, context: ModelContext) => Stream): Mutation =>
  (subject, context) => {
    const stream = change(subject.model.stream, subject, context);
    const generate = (request: ChatRequest, options?: CallOptions) => collectStream(stream(request, options));
    return { ...subject, model: Object.freeze({ ...subject.model, stream, generate }) };
  };
/** Another response at the end of the stream. */
const responses = (change: (response: ChatResponse) => ChatResponse): Mutation =>
  streams(
    (inner) =>
      async function* (request, options) {
        for await (const event of inner(request, options))
          yield event.type === 'finish' ? { ...event, response: change(event.response) } : event;
      },
  );
/** Other parts in the response. */
const parts = (change: (part: Part) => Part): Mutation =>
  responses((response) => ({
    ...response,
    message: { ...response.message, content: response.message.content.map(change) },
  }));
/** Another error, or events in place of it. */
const errors = (
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
const other = (data: Partial<ModelErrorData>) => errors((error) => error.with(data));
/** Takes what had come for a whole answer. */
const succeeds = errors(({ partial }) => [
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
const deaf = streams(
  (inner) =>
    (request, { signal: _, ...options } = {}) =>
      inner(request, options),
);
const timeless = streams(
  (inner) =>
    (request, { timeouts: _, deadlineAt: __, ...options } = {}) =>
      inner(request, options),
);
const delta: ChatEvent = { type: 'text-delta', partIndex: 0, text: 'more' };

/** For every case of the model kit a model that it must fail. */
export const brokenModels: Readonly<Record<string, Mutation>> = {
  'model/shape': (subject) => ({ ...subject, model: { ...subject.model } }),
  'answer/text': responses((response) => ({ ...response, finishReason: 'other' })),
  'finish/once': streams(
    (inner) =>
      async function* (request, options) {
        for await (const event of inner(request, options)) {
          yield event;
          if (event.type === 'finish') yield event;
        }
      },
  ),
  'finish/last': streams(
    (inner) =>
      async function* (request, options) {
        yield* inner(request, options);
        yield delta;
      },
  ),
  'generate/equal': (subject) => ({
    ...subject,
    model: Object.freeze({
      ...subject.model,
      generate: async (request: ChatRequest) => ({
        ...(await subject.model.generate(request)),
        finishReason: 'other' as const,
      }),
    }),
  }),
  'deltas/add-up': streams(
    (inner) =>
      async function* (request, options) {
        let first = true;
        for await (const event of inner(request, options)) {
          if (!first) yield event;
          first = false;
        }
      },
  ),
  'tools/call': parts((part) =>
    part.type === 'tool-call' ? { ...part, input: JSON.stringify(part.input) } : part,
  ),
  'tools/two': parts((part) => (part.type === 'tool-call' ? { ...part, toolCallId: 'call' } : part)),
  'reasoning/origin': parts((part) =>
    part.type === 'reasoning' ? { ...part, origin: { provider: 'somebody', model: 'else' } } : part,
  ),
  'finish/length': responses((response) => ({ ...response, finishReason: 'stop' })),
  'finish/content-filter': responses((response) => ({ ...response, finishReason: 'stop' })),
  'usage/convention': responses((response) => ({
    ...response,
    usage: response.usage && { ...response.usage, input: 2 },
  })),
  'usage/null': responses((response) => ({
    ...response,
    usage: response.usage ?? { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  })),
  'warnings/unsupported': responses((response) => ({ ...response, warnings: [] })),
  'request/untouched': streams((inner) => (request, options) => {
    Object.assign(request.messages[0] ?? {}, { role: 'system' });
    return inner(request, options);
  }),
  'scope/not-sent': streams(
    (inner) => (request, options) =>
      inner({ ...request, vendor: { example: JSON.stringify(options?.scope ?? '') } }, options),
  ),

  'failures/cut': succeeds,
  'failures/cut-tool-call': succeeds,
  'failures/reset': succeeds,
  'failures/empty': succeeds,
  'failures/malformed': succeeds,
  'failures/malformed-tool-call': succeeds,
  'failures/error-in-stream': succeeds,
  'failures/rate-limit': other({ retryAfterMs: 2 }),
  'failures/quota': other({ kind: 'rate-limit' }),
  'failures/server-error': other({ retry: 'none' }),
  'failures/overloaded': other({ kind: 'server' }),
  'failures/unauthorized': other({ scope: 'request' }),
  'failures/context-length': other({ kind: 'invalid-request' }),
  'failures/refused': other({ kind: 'invalid-request' }),
  'partial/kept': errors(
    ({ message, kind, scope, retry }) => new ModelError(message, { kind, scope, retry }),
  ),
  'partial/no-call': errors((error) =>
    error.with({
      partial: createMessage({
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'call', toolName: 'weather', input: {} }],
      }),
    }),
  ),
  'restart/accepted': streams(
    (inner) =>
      async function* (request, options) {
        try {
          yield* inner(request, options);
        } catch {
          yield { type: 'restart', reason: 'server' };
          yield* inner(request, options);
        }
      },
  ),
  'retries/none': streams(
    (inner) =>
      async function* (request, options) {
        try {
          yield* inner(request, options);
        } catch {
          yield* inner(request, options);
        }
      },
  ),
  'secrets/key': errors(
    (error, { secret }) =>
      new ModelError(
        error.message,
        { kind: error.kind, scope: error.scope, retry: error.retry },
        { headers: [secret] },
      ),
  ),

  'abort/before': streams(
    (inner) =>
      async function* (request, options) {
        if (!options?.signal?.aborted) return yield* inner(request, options);
        for await (const _ of inner(request)) break;
        yield* inner(request, options);
      },
  ),
  'abort/headers': deaf,
  'abort/first-content': deaf,
  'abort/stream': deaf,
  'break/closes': streams(
    (inner) =>
      async function* (request, options) {
        const events = inner(request, options)[Symbol.asyncIterator]();
        for (let next = await events.next(); !next.done; next = await events.next()) yield next.value;
      },
  ),
  'stream/lazy': streams((inner) => (request, options) => {
    const events = inner(request, options)[Symbol.asyncIterator]();
    const first = events.next();
    return (async function* () {
      for (let next = await first; !next.done; next = await events.next()) yield next.value;
    })();
  }),
  'time/headers': timeless,
  'time/first-content': timeless,
  'time/idle': timeless,
  'time/total': timeless,
  'time/deadline': timeless,
  'time/deadline-passed': timeless,
  'time/consumer': streams(
    (inner, _, { clock }) =>
      async function* (request, options) {
        let last = clock.now();
        for await (const event of inner(request, options)) {
          if (clock.now() - last > (options?.timeouts?.idleMs ?? Number.POSITIVE_INFINITY))
            throw new ModelError('too slow', { kind: 'timeout', scope: 'model', retry: 'other' });
          last = clock.now();
          yield event;
        }
      },
  ),
};
