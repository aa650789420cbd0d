import type { ChatModel } from '@loci/core';
import { type Answer, defineProvider, isObject, orAborted, toRateLimits } from '@loci/core/provider';
import { callVendor, loadSdk } from './call-vendor.js';
import { readCompletion } from './from-response.js';
import { createChunkReader, type ReaderOptions } from './from-stream.js';
import { mapError, readRequestId } from './map-error.js';
import { checkSettings, type MistralSettings, vendor } from './settings.js';
import { toMistralRequest } from './to-request.js';
import { traitsOf } from './traits.js';

/**
 * A chat model of Mistral, or of any server that speaks its dialect. Does no I/O; the vendor's SDK is loaded and the
 * environment is read when the model is first called. Throws `InvalidInputError` for settings that are none.
 *
 * @example
 * const model = mistral('mistral-medium-3-5');
 * const own = mistral('mistral-small-2603', { baseUrl: 'http://localhost:8000' });
 */
export function mistral(modelId: string, settings: MistralSettings = {}): ChatModel {
  checkSettings(modelId, settings);
  const traits = traitsOf(modelId, settings.traits);
  return defineProvider({
    vendor,
    modelId,
    settings,
    traits,
    open: loadSdk,
    mapError: (error, { inBand, ...facts }) => mapError(error, { ...facts, inBand: inBand?.() }),
    async send(request, { client, endpoint, key, signal, facts, heard }): Promise<Answer> {
      const { body, warnings, toolNames } = toMistralRequest(request, {
        provider: facts.provider,
        modelId,
        traits,
        cacheKey: settings.cacheKey ?? endpoint.isVendor,
      });
      let notes: ReaderOptions['notes'];
      const context = () => ({ ...facts, modelId, warnings, toolNames, notes });
      const called = callVendor(client, body, {
        settings,
        key,
        signal,
        onHead(status, headers) {
          heard();
          facts.status = status;
          facts.requestId = readRequestId(headers);
          notes = toNotes(headers);
        },
        onBody(inBand) {
          facts.inBand = inBand;
        },
      });
      try {
        const events = await orAborted(called, signal);
        return { events, reader: createChunkReader(context()) };
      } catch (error) {
        const completion = readPlainBody(error);
        if (completion === undefined) throw error;
        // A server that does not stream answers with the whole completion, which the SDK takes for an error.
        if ('choices' in completion) return readCompletion(completion, context());
        facts.inBand = () => completion;
        throw new SyntaxError('The server answered 200 with something else.');
      }
    },
  });
}

/** The JSON that came with status 200 where a stream was asked for. */
function readPlainBody(error: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(error) || error['statusCode'] !== 200 || typeof error['body'] !== 'string') return undefined;
  try {
    const body = JSON.parse(error['body']) as unknown;
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The vendor's rate limits as it stated them, and when the model will be withdrawn. */
function toNotes(headers: Headers): ReaderOptions['notes'] {
  const withdrawnAt = headers.get('x-model-deprecation-timestamp');
  return { ...toRateLimits(headers), ...(withdrawnAt !== null && { withdrawnAt }) };
}
