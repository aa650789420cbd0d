import type { EmbeddingModel } from '@loci/core';
import { defineEmbeddingModel, toEmbeddingUsage } from '@loci/core/embedding';
import {
  checkSettings,
  createCaller,
  type Endpoint,
  isObject,
  malformed,
  orAborted,
  type ProviderSettings,
} from '@loci/core/provider';
import { createClient, loadCore, withoutRetries } from './create-client.js';
import { mapError, readRequestId } from './map-error.js';
import { vendor } from './settings.js';

export interface MistralEmbeddingSettings extends Omit<ProviderSettings, 'traits'> {
  /**
   * The key, or a function that is asked for it before each request.
   * @default `MISTRAL_API_KEY`, for Mistral's own endpoints
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of Mistral or any server that speaks its dialect, with or without a `/v1` at the end. @default `https://api.mistral.ai` */
  readonly baseUrl?: string;
  /** Asks for shorter vectors, which `codestral-embed` gives. @default the model's own */
  readonly dimensions?: number;
}

const known: Readonly<Record<string, number>> = { 'mistral-embed': 1024, 'codestral-embed': 1536 };
// The vendor publishes no limits. It refuses more tokens than these; fewer texts than these are known to be taken.
const limits = { inputs: 128, tokens: 16_384 };

/**
 * Embeddings of Mistral, or of any server that speaks its dialect. Does no I/O; the vendor's SDK is loaded and the environment
 * is read when texts are first embedded. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const { vectors } = await mistralEmbeddings('mistral-embed').embed(['My dog is called Rex.']);
 */
export function mistralEmbeddings(modelId: string, settings: MistralEmbeddingSettings = {}): EmbeddingModel {
  checkSettings(modelId, settings, {
    dimensions: [(value) => Number.isSafeInteger(value) && Number(value) > 0, 'is not a whole number from 1'],
  });
  const { dimensions, provider = vendor.name, timeouts, clock } = settings;
  const begin = createCaller({
    vendor,
    settings,
    open: loadEmbeddings,
    mapError: (error, { inBand: _, ...facts }) => mapError(error, facts),
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
        const { client: sdk, key, signal, facts, heard } = await ready();
        const client = createClient(sdk, {
          settings,
          key,
          signal,
          onHead(status, headers) {
            heard();
            facts.status = status;
            facts.requestId = readRequestId(headers);
          },
        });
        const body = {
          model: modelId,
          inputs: [...texts],
          ...(dimensions !== undefined && { outputDimension: dimensions }),
        };
        const result = await orAborted(sdk.embeddingsCreate(client, body, withoutRetries), signal);
        if (!result.ok) throw isInvalid(result.error) ? malformed('it holds no vectors') : result.error;
        const { data, usage, model } = result.value;
        const { requestId } = facts;
        return {
          vectors: data.map(({ index = -1, embedding = [] }) => ({ index, vector: embedding })),
          usage: toEmbeddingUsage(usage.promptTokens),
          modelId: model,
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

/** The SDK read an answer that its schema does not know; with status 200 it would count as a page. */
function isInvalid(error: unknown): boolean {
  return isObject(error) && error['name'] === 'ResponseValidationError';
}

async function loadEmbeddings(endpoint: Endpoint) {
  const [core, { embeddingsCreate }] = await Promise.all([
    loadCore(endpoint),
    import('@mistralai/mistralai/funcs/embeddingsCreate.js'),
  ]);
  return { ...core, embeddingsCreate };
}
