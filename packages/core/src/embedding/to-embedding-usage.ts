import type { Usage } from '../model/model.js';

/** The usage of a request for embeddings; `null` where the vendor stated no tokens, or none, which a text never takes. */
export function toEmbeddingUsage(tokens: unknown): Usage | null {
  if (typeof tokens !== 'number' || !Number.isFinite(tokens) || tokens <= 0) return null;
  return { input: tokens, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
}
