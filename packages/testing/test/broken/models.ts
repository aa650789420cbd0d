import { type CallOptions, type ChatRequest, createMessage, ModelError } from '@loci/core';

import {
  counts,
  deaf,
  delta,
  errors,
  leaky,
  limits,
  type Mutation,
  other,
  parts,
  responses,
  streams,
  succeeds,
  timeless,
} from './model-changes.js';
import { requestMutations } from './request-mutations.js';

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
  'deltas/part-index': streams(
    (inner) =>
      async function* (request, options) {
        for await (const event of inner(request, options))
          yield 'partIndex' in event ? { ...event, partIndex: 0 } : event;
      },
  ),
  'generate/failure': (subject) => ({
    ...subject,
    model: Object.freeze({
      ...subject.model,
      generate: (request: ChatRequest) =>
        subject.model.generate(request).catch((error: ModelError) => {
          throw new ModelError(error.message, { kind: error.kind, scope: error.scope, retry: error.retry });
        }),
    }),
  }),
  'answer/ids': responses((response) => ({ ...response, message: { ...response.message, id: 'answer' } })),
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
  'usage/cached': counts(({ input, cacheRead }) => ({ input: input - cacheRead })),
  'usage/cache-write': counts(({ input, cacheWrite }) => ({ input: input - cacheWrite })),
  'usage/reasoning': counts(({ output, reasoning }) => ({ output: output - reasoning })),
  'usage/null': responses((response) => ({
    ...response,
    usage: response.usage ?? { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  })),
  'warnings/unsupported': responses((response) => ({ ...response, warnings: [] })),
  'request/untouched': streams((inner) => (request, options) => {
    Object.assign(request.messages[0] ?? {}, { tags: ['seen'] });
    return inner(request, options);
  }),
  'scope/not-sent': streams(
    (inner) => (request, options) =>
      inner({ ...request, vendor: { example: JSON.stringify(options?.scope ?? '') } }, options),
  ),

  ...requestMutations,

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

  'secrets/log': errors((error) => {
    const { console: logger } = globalThis;
    logger.warn(error.message);
    return error;
  }),

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
  'break/closes': leaky,
  'abort/collected': deaf,
  'abort/any-event': deaf,
  'break/any-event': leaky,
  'signal/released': streams((inner) => (request, options) => {
    options?.signal?.addEventListener('abort', () => {});
    return inner(request, options);
  }),
  'calls/together': (subject, context) => {
    let last: ChatRequest | undefined;
    return streams(
      (inner) =>
        async function* (request, options) {
          last = request;
          await new Promise((resolve) => setImmediate(resolve));
          yield* inner(last, options);
        },
    )(subject, context);
  },
  'calls/apart': (subject, context) => {
    let shared: CallOptions | undefined;
    return streams((inner) => (request, options) => {
      shared ??= options;
      return inner(request, shared);
    })(subject, context);
  },
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
  'time/first-content-alone': limits(({ idleMs }) =>
    idleMs === undefined ? {} : { firstContentMs: idleMs },
  ),
  'time/idle-alone': limits(({ firstContentMs }) =>
    firstContentMs === undefined ? {} : { idleMs: firstContentMs },
  ),
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
