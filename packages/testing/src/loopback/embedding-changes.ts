import type { EmbeddingScenario } from '../embedding-kit/scenarios.js';
import type { ChangeEmbeddings, EmbeddingItem } from './embeddings.js';

/** The last vector, in another form. */
const last =
  (change: (item: EmbeddingItem) => unknown): ChangeEmbeddings =>
  (items) =>
    items.map((item, index) => (index === items.length - 1 ? change(item) : item));

/** What the scenarios of the kit change in a list of vectors. */
export const embeddingChanges: { readonly [scenario in EmbeddingScenario]?: ChangeEmbeddings } = {
  shuffled: (items) => items.toReversed(),
  missing: (items) => items.slice(1),
  extra: (items) => [...items, ...items.slice(-1)],
  ragged: last((item) => ({ ...item, embedding: item.embedding.slice(1) })),
  garbage: last((item) => ({ ...item, embedding: ['none'] })),
};

type SharedFault =
  | 'no-usage'
  | 'rate-limit'
  | 'server-error'
  | 'unauthorized'
  | 'echo-key'
  | 'html'
  | 'reset-mid-stream'
  | 'silent';

/** The faults, which both vendors have, of the scenarios. */
export const embeddingFaults: { readonly [scenario in EmbeddingScenario]?: SharedFault } = {
  'no-usage': 'no-usage',
  'rate-limit': 'rate-limit',
  'server-error': 'server-error',
  unauthorized: 'unauthorized',
  'echoed-key': 'echo-key',
  page: 'html',
  reset: 'reset-mid-stream',
  silent: 'silent',
};
