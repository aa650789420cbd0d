import type { Clock } from '../clock.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { LociError } from '../errors/loci-error.js';
import { guardCall } from '../model/call-guard.js';
import type { EmbeddingModel, EmbedOptions, EmbedResponse } from '../model/embedding-model.js';
import type { CallTimeouts, Usage, Warning } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { sumUsage } from '../model/sum-usage.js';
import { decisions } from '../provider/failures.js';
import { orAborted } from '../provider/or-aborted.js';
import { readVectors } from './read-vectors.js';
import { toBatches } from './to-batches.js';

/** What one request of the vendor gave. */
export interface EmbeddingBatch {
  /** In any order; `index` is the place of the text in the batch. Checked before anybody sees them. */
  readonly vectors: readonly { readonly index: number; readonly vector: readonly number[] }[];
  readonly usage: Usage | null;
  /** As the vendor names it. @default the model's own id */
  readonly modelId?: string;
  readonly requestId?: string;
  readonly warnings?: readonly Warning[];
}

export interface EmbeddingDefinition {
  readonly provider: string;
  readonly modelId: string;
  /** @default 'unknown' */
  readonly dimensions?: number | 'unknown';
  /** Of one request. @default no limit */
  readonly limits?: { readonly inputs?: number; readonly tokens?: number };
  /** The total is kept here, the others by `send`. */
  readonly timeouts?: CallTimeouts;
  /** @default the system's */
  readonly clock?: Clock;
  /** Sends one request, keeps its time-outs, and rejects with a `ModelError`. The signal is also the deadline's and the total's. */
  send(
    texts: readonly string[],
    options: EmbedOptions & { readonly signal: AbortSignal },
  ): Promise<EmbeddingBatch>;
}

/**
 * An embedding model from one request of its vendor. Checks the texts, splits them into batches that the vendor takes, one
 * after the other, puts the vectors in order, checks their number and length, sums the usage, and keeps signal, deadline and
 * total.
 *
 * @example
 * const model = defineEmbeddingModel({ provider: 'example', modelId: 'words', limits: { inputs: 100 }, send });
 */
export function defineEmbeddingModel(definition: EmbeddingDefinition): EmbeddingModel {
  const { provider, modelId, dimensions = 'unknown', limits = {}, timeouts, clock } = definition;

  async function embed(texts: readonly string[], options: EmbedOptions = {}): Promise<EmbedResponse> {
    checkTexts(texts);
    const { timeouts: given, deadlineAt, signal, ...rest } = options;
    const { totalMs = timeouts?.totalMs, ...each } = given ?? {};
    const guard = guardCall(
      {
        ...(signal && { signal }),
        ...(deadlineAt !== undefined && { deadlineAt }),
        ...(totalMs !== undefined && { timeouts: { totalMs } }),
      },
      {},
      clock,
    );
    try {
      const batches: EmbeddingBatch[] = [];
      const vectors: (readonly number[])[] = [];
      for (const batch of toBatches(texts, limits)) {
        if (guard.failure) throw guard.failure;
        const sent = definition.send(batch, { ...rest, timeouts: each, signal: guard.signal });
        const answer = await orAborted(sent, guard.signal);
        batches.push(answer);
        vectors.push(...readVectors(answer, batch.length, vectors[0]?.length ?? dimensions));
      }
      if (guard.failure) throw guard.failure;
      const last = batches.at(-1);
      return {
        vectors,
        usage: sumUsage(batches.map(({ usage }) => usage)),
        model: {
          provider,
          modelId: last?.modelId ?? modelId,
          ...(last?.requestId !== undefined && { requestId: last.requestId }),
        },
        warnings: batches.flatMap(({ warnings = [] }) => warnings),
      };
    } catch (error) {
      // What comes after the guard ended the call is only the echo.
      if (guard.failure) throw guard.failure;
      if (LociError.isInstance(error)) throw error;
      throw new ModelError('The model failed in an unexpected way; see `cause`.', decisions.malformed, error);
    } finally {
      guard.close();
    }
  }

  return Object.freeze({
    specVersion: 1 as const,
    provider,
    modelId,
    dimensions,
    maxInputs: limits.inputs ?? 'unknown',
    embed,
  });
}

function checkTexts(texts: readonly string[]): void {
  if (!Array.isArray(texts)) throw new InvalidInputError('texts', 'is not a list of texts');
  texts.forEach((text: unknown, index) => {
    if (typeof text !== 'string' || text === '')
      throw new InvalidInputError(`texts[${index}]`, text === '' ? 'is empty' : 'is not a text');
  });
}
