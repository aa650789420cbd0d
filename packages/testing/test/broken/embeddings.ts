import {
  type EmbeddingModel,
  type EmbedOptions,
  type EmbedResponse,
  ModelError,
  type ModelErrorData,
} from '@loci/core';
import type { EmbeddingContext, EmbeddingSubject } from '@loci/testing/embedding';

type Embed = EmbeddingModel['embed'];
type Mutation = (subject: EmbeddingSubject, context: EmbeddingContext) => EmbeddingSubject;

const embeds =
  (change: (inner: Embed, subject: EmbeddingSubject, context: EmbeddingContext) => Embed): Mutation =>
  (subject, context) => ({
    ...subject,
    model: { ...subject.model, embed: change(subject.model.embed, subject, context) },
  });
/** Another answer. */
const answers = (change: (response: EmbedResponse, texts: readonly string[]) => EmbedResponse): Mutation =>
  embeds((inner) => async (texts, options) => change(await inner(texts, options), texts));
/** Another error. */
const errors = (change: (error: ModelError, subject: EmbeddingSubject) => ModelError): Mutation =>
  embeds(
    (inner, subject) => (texts, options) =>
      inner(texts, options).catch((error: unknown) => {
        throw ModelError.isInstance(error) ? change(error, subject) : error;
      }),
  );
const other = (data: Partial<ModelErrorData>) => errors((error) => error.with(data));
/** An answer in place of an error. */
const succeeds = embeds(
  (inner) => (texts, options) =>
    inner(texts, options).catch(() => ({
      vectors: texts.map(() => [1, 2, 3]),
      usage: null,
      model: { provider: 'example', modelId: 'good' },
      warnings: [],
    })),
);
/** Does not see some of the options. */
const without = (change: (options: EmbedOptions) => EmbedOptions): Mutation =>
  embeds(
    (inner) =>
      (texts, options = {}) =>
        inner(texts, change(options)),
  );
const used = (input: number, output = 0) => ({ input, cacheRead: 0, cacheWrite: 0, output, reasoning: 0 });

/** For each case a model that breaks this promise. */
export const brokenEmbeddings: Readonly<Record<string, Mutation>> = {
  factory: (subject) => ({ ...subject, requests: () => 7 }),
  'order/kept': answers((response) => ({ ...response, vectors: response.vectors.toReversed() })),
  'order/shuffled': answers((response) => ({
    ...response,
    vectors: response.vectors.map((_, index) => response.vectors[(index + 1) % 3] ?? []),
  })),
  'batch/split': embeds((inner, { model }) => async (texts, options) => {
    const response = await inner(texts.slice(0, Number(model.maxInputs)), options);
    return { ...response, vectors: texts.map((_, index) => response.vectors[index] ?? [0, 0, 0]) };
  }),
  'empty/none': embeds((inner) => (texts, options) => inner(texts.length > 0 ? texts : ['nothing'], options)),
  'empty/text': embeds(
    (inner) => (texts, options) =>
      inner(
        texts.map((text) => text || ' '),
        options,
      ),
  ),
  'vectors/dimensions': (subject) => ({ ...subject, model: { ...subject.model, dimensions: 4 } }),
  'answer/missing': succeeds,
  'answer/extra': succeeds,
  'answer/ragged': succeeds,
  'answer/garbage': succeeds,
  'usage/stated': answers((response) => ({ ...response, usage: used(3, 3) })),
  'usage/sum': answers((response) => ({ ...response, usage: used(1) })),
  'usage/null': answers((response) => ({ ...response, usage: used(0) })),
  'model/named': answers((response) => ({ ...response, model: { provider: 'another', modelId: '' } })),
  'answer/closed': embeds((inner, _, { clock }) => (texts, options) => {
    clock.after(1e9, () => {});
    return inner(texts, options);
  }),
  'error/rate-limit': other({ retryAfterMs: 2 }),
  'error/server': other({ kind: 'invalid-request' }),
  'error/auth': other({ scope: 'request' }),
  'error/connection': other({ kind: 'server' }),
  'error/page': succeeds,
  'retry/none': embeds(
    (inner) => (texts, options) => inner(texts, options).catch(() => inner(texts, options)),
  ),
  'secret/error': errors((error, { secret }) => new ModelError(`Refused ${secret}.`, error)),
  'secret/model': (subject) => ({
    ...subject,
    model: { ...subject.model, key: subject.secret } as EmbeddingModel,
  }),
  'abort/before': without(({ signal: _, ...options }) => options),
  'abort/headers': errors((error) => new ModelError('Ended.', error, 'its own reason')),
  'time/headers': other({ kind: 'connection' }),
  'time/total': other({ kind: 'deadline' }),
  'time/deadline': other({ kind: 'timeout' }),
  'time/deadline-passed': without(({ deadlineAt: _, ...options }) => options),
};
