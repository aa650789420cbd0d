import { equal, holds } from '../kit/assertions.js';
import { withContext } from '../kit/create-context.js';
import { type Case, type DeclaredGaps, runSuite, type TestRunner } from '../kit/suite.js';
import { answerCases } from './answer-cases.js';
import { failureCases } from './failure-cases.js';
import type { EmbeddingContext, EmbeddingSubject } from './scenarios.js';
import type { EmbeddingStage } from './tools.js';

export interface EmbeddingConformanceOptions {
  /** Of the provider, for the report. */
  readonly name: string;
  /** A model before a vendor that does what the scenario says, anew for each. Close the vendor with `onEnd`. */
  readonly create: (context: EmbeddingContext) => Promise<EmbeddingSubject> | EmbeddingSubject;
  /** Case id → why the model cannot keep the promise. */
  readonly skip?: DeclaredGaps;
}

const cases: readonly Case<EmbeddingStage>[] = [...answerCases, ...failureCases];

/** The ids of all cases, stable: gaps are declared by them. */
export const embeddingCaseIds: readonly string[] = Object.freeze(cases.map(({ id }) => id));

/**
 * Every promise of the `EmbeddingModel` contract as a test. `openAIEmbeddingScenarios` of `@loci/testing/openai` and
 * `mistralEmbeddingScenarios` of `@loci/testing/mistral` are vendors for it.
 *
 * @example
 * embeddingConformance({ describe, it }, {
 *   name: 'my-embeddings',
 *   create: openAIEmbeddingScenarios(({ url, apiKey, clock }) => myEmbeddings({ url, apiKey, clock })),
 * });
 */
export function embeddingConformance(runner: TestRunner, options: EmbeddingConformanceOptions): void {
  const stage: EmbeddingStage = (scenario, play) =>
    withContext(async (context) =>
      play({ ...(await options.create({ ...context, scenario })), clock: context.clock }),
    );
  runSuite(runner, {
    name: options.name,
    contract: 'model of embeddings',
    factory: {
      id: 'factory',
      title: '`create` makes models before vendors of their own, and each vendor sees its own requests',
      run: () =>
        stage('vectors', (one) =>
          stage('vectors', async (other) => {
            equal([one.requests(), one.openConnections()], [0, 0]);
            // Whether the answer is right is for the cases to say.
            await one.model.embed(['apple']).catch(() => {});
            holds(one.requests() > 0, 'no request reached the vendor');
            equal(other.requests(), 0, 'another vendor got the request');
          }),
        ),
    },
    cases,
    skip: options.skip,
    withSubject: (use) => use(stage),
  });
}
