import type { EmbeddingModel } from '@loci/core';
import type { CreateContext } from '../kit/create-context.js';

/** What the vendor does in each scenario, with every request. */
export const embeddingScenarios = Object.freeze({
  vectors:
    'answers one vector for each text, in order, with its usage; texts without a common word get other vectors',
  shuffled: 'answers the same vectors in another order, each with its place',
  missing: 'answers one vector too few',
  extra: 'answers one vector too many',
  ragged: 'answers a last vector that is shorter than the others',
  garbage: 'answers a last vector that is none',
  'no-usage': 'answers vectors and states no usage',
  'rate-limit': 'refuses with 429 and asks to wait two seconds',
  'server-error': 'fails with 500',
  unauthorized: 'refuses the key',
  'echoed-key': 'refuses the key and repeats it wherever it can: message, code, headers',
  page: 'answers 200 with a page',
  reset: 'loses the connection in the middle of its answer',
  silent: 'takes the request and sends nothing, not even headers',
});

export type EmbeddingScenario = keyof typeof embeddingScenarios;

export interface EmbeddingContext extends CreateContext {
  /** Arrange the vendor so. Throw for a scenario that it cannot have, and declare the cases of it as gaps. */
  readonly scenario: EmbeddingScenario;
}

/** A model before a vendor that behaves as the scenario says. */
export interface EmbeddingSubject {
  readonly model: EmbeddingModel;
  /** Requests that have reached the vendor. */
  readonly requests: () => number;
  /** Requests whose answer is neither complete nor given up by the model. */
  readonly openConnections: () => number;
  /** Resolves when the vendor holds its answer back: `silent`. */
  readonly whenHeld: () => Promise<void>;
  /** The key that the model was given, which nothing may show. */
  readonly secret: string;
}
