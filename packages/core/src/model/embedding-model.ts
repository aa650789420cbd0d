import type { CallOptions, ChatResponse, Usage, Warning } from './model.js';

export interface EmbedOptions extends Pick<CallOptions, 'signal' | 'deadlineAt' | 'timeouts'> {
  /** What the texts are for. A model that embeds both the same ignores it. @default 'document' */
  readonly purpose?: 'query' | 'document';
}

export interface EmbedResponse {
  /** One for each text, in the order of the texts, all of the same length. */
  readonly vectors: readonly (readonly number[])[];
  /** Of all requests together, with no output; `null` where the vendor did not say it for one of them. */
  readonly usage: Usage | null;
  readonly model: ChatResponse['model'];
  /** What was asked for and could not be honoured. */
  readonly warnings: readonly Warning[];
}

/**
 * Turns texts into vectors: near each other where the texts mean the same.
 *
 * INVARIANT: the answer is whole and in order, or the call fails with a `ModelError`; too few vectors, too many, or of
 * another length are `malformed`. INVARIANT: no retries inside. INVARIANT: the API key appears in no error and in no
 * inspection of the model.
 */
export interface EmbeddingModel {
  readonly specVersion: 1;
  readonly provider: string;
  readonly modelId: string;
  /** Numbers in a vector. */
  readonly dimensions: number | 'unknown';
  /** Texts that one request of the vendor takes. `embed` takes any number of them. */
  readonly maxInputs: number | 'unknown';
  /**
   * The vectors of the texts; of none without asking anybody. Time-outs for headers and first content hold for each request
   * that it takes, deadline, signal and the total for all of them. Rejects with `InvalidInputError` for what is no text and
   * for an empty one.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<EmbedResponse>;
}
