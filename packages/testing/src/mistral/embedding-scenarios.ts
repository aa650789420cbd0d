import type { EmbeddingModel } from '@loci/core';
import type { EmbeddingContext, EmbeddingSubject } from '../embedding-kit/scenarios.js';
import { embeddingChanges, embeddingFaults } from '../loopback/embedding-changes.js';
import type { MistralConnection } from './scenarios.js';
import { startMistral } from './start-mistral.js';

const apiKey = 'sk-embeddings-0123456789';

/**
 * The vendor of the embedding kit for providers of Mistral's embeddings: our loopback server in every scenario.
 *
 * @example
 * create: mistralEmbeddingScenarios(({ url, apiKey, clock }) => embeddings('model', { baseUrl: url, apiKey, clock })),
 */
export function mistralEmbeddingScenarios(
  connect: (connection: MistralConnection) => EmbeddingModel,
): (context: EmbeddingContext) => Promise<EmbeddingSubject> {
  return async ({ scenario, clock, onEnd }) => {
    const embeddings = embeddingChanges[scenario];
    const server = await startMistral(embeddings ? { embeddings } : {});
    onEnd(() => server.close());
    const fault = embeddingFaults[scenario];
    if (fault) server.setFault(fault, { times: Number.POSITIVE_INFINITY });
    return {
      model: connect({ url: server.url, apiKey, clock }),
      requests: () => server.requests.length,
      openConnections: server.openConnections,
      whenHeld: server.whenHeld,
      secret: apiKey,
    };
  };
}
