import type { EmbeddingModel } from '@loci/core';
import type { EmbeddingContext, EmbeddingSubject } from '../embedding-kit/scenarios.js';
import { embeddingChanges, embeddingFaults } from '../loopback/embedding-changes.js';
import type { OpenAIConnection } from './scenarios.js';
import { startOpenAI } from './start-openai.js';

const apiKey = 'sk-embeddings-0123456789';

/**
 * The vendor of the embedding kit for providers of OpenAI's embeddings: our loopback server in every scenario.
 *
 * @example
 * create: openAIEmbeddingScenarios(({ url, apiKey, clock }) => embeddings('model', { baseUrl: url, apiKey, clock })),
 */
export function openAIEmbeddingScenarios(
  connect: (connection: OpenAIConnection) => EmbeddingModel,
): (context: EmbeddingContext) => Promise<EmbeddingSubject> {
  return async ({ scenario, clock, onEnd }) => {
    const embeddings = embeddingChanges[scenario];
    const server = await startOpenAI(embeddings ? { embeddings } : {});
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
