import type { EmbeddingModel } from '@loci/core';
import { defineEmbeddingModel, toEmbeddingUsage } from '@loci/core/embedding';
import {
  checkSettings,
  createCaller,
  isName,
  isObject,
  malformed,
  type ProviderSettings,
} from '@loci/core/provider';
import { loadClients, toCallOptions } from './create-client.js';
import { mapError } from './map-error.js';
import { readWhole } from './read-whole.js';
import { vendor } from './settings.js';

export interface OpenAIEmbeddingSettings extends Omit<ProviderSettings, 'traits'> {
  /**
   * The key, or a function that is asked for it before each request.
   * @default `OPENAI_API_KEY`, for OpenAI's own endpoints and where `OPENAI_BASE_URL` names the endpoint
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of OpenAI or any compatible server. @default `OPENAI_BASE_URL`, else `https://api.openai.com/v1` */
  readonly baseUrl?: string;
  readonly organization?: string;
  readonly project?: string;
  /** Asks for shorter vectors, which `text-embedding-3` models give. @default the model's own */
  readonly dimensions?: number;
}

const known: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};
// As published in November 2026, of one request.
const limits = { inputs: 2048, tokens: 300_000 };

/**
 * Embeddings of OpenAI, or of any server that speaks its dialect. Does no I/O; the vendor's SDK is loaded and the environment
 * is read when texts are first embedded. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const { vectors } = await openaiEmbeddings('text-embedding-3-small').embed(['My dog is called Rex.']);
 */
export function openaiEmbeddings(modelId: string, settings: OpenAIEmbeddingSettings = {}): EmbeddingModel {
  checkSettings(modelId, settings, {
    organization: isName,
    project: isName,
    dimensions: [(value) => Number.isSafeInteger(value) && Number(value) > 0, 'is not a whole number from 1'],
  });
  const { dimensions, provider = vendor.name, timeouts, clock } = settings;
  const begin = createCaller({
    vendor,
    settings,
    open: (endpoint) => loadClients(endpoint, settings),
    mapError,
  });
  return defineEmbeddingModel({
    provider,
    modelId,
    dimensions: dimensions ?? known[modelId] ?? 'unknown',
    limits,
    ...(timeouts && { timeouts }),
    ...(clock && { clock }),
    async send(texts, options) {
      const { guard, ready, explain } = begin(options);
      try {
        const call = await ready();
        // Without a format the SDK asks for base64, which not every compatible server knows.
        const body = {
          model: modelId,
          input: [...texts],
          encoding_format: 'float' as const,
          ...(dimensions !== undefined && { dimensions }),
        };
        const sent = call.client(call.key).embeddings.create(body, toCallOptions(call));
        const { data, usage, model } = await readWhole(sent, call);
        const { requestId } = call.facts;
        return {
          vectors: readItems(data),
          usage: toEmbeddingUsage(isObject(usage) ? usage['prompt_tokens'] : undefined),
          ...(typeof model === 'string' && { modelId: model }),
          ...(requestId !== undefined && { requestId }),
        };
      } catch (error) {
        throw explain(error);
      } finally {
        guard.close();
      }
    },
  });
}

/** Whether they are vectors is checked by whoever puts them in order. */
function readItems(data: unknown): { readonly index: number; readonly vector: readonly number[] }[] {
  if (!Array.isArray(data) || !data.every(isObject)) throw malformed('it holds no list of vectors');
  return data.map(({ index, embedding }) => ({
    index: index as number,
    vector: embedding as readonly number[],
  }));
}
