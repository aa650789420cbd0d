import { equal, holds } from '../kit/assertions.js';
import { withContext } from '../kit/create-context.js';
import { type Case, type DeclaredGaps, runSuite, type TestRunner } from '../kit/suite.js';
import { answerCases } from './answer-cases.js';
import { callCases } from './call-cases.js';
import { failureCases } from './failure-cases.js';
import { historyCases } from './history-cases.js';
import { requestCases } from './request-cases.js';
import type { ModelContext, ModelSubject } from './scenarios.js';
import { secretCases } from './secret-cases.js';
import { stopCases } from './stop-cases.js';
import { read, type Stage } from './tools.js';
import { usageCases } from './usage-cases.js';

export interface ModelConformanceOptions {
  /** Of the provider, for the report. */
  readonly name: string;
  /** A model before a vendor that does what the scenario says, anew for each. Close the vendor with `onEnd`. */
  readonly create: (context: ModelContext) => Promise<ModelSubject> | ModelSubject;
  /** Case id → why the model cannot keep the promise. */
  readonly skip?: DeclaredGaps;
}

const cases: readonly Case<Stage>[] = [
  ...answerCases,
  ...usageCases,
  ...requestCases,
  ...historyCases,
  ...failureCases,
  ...secretCases,
  ...stopCases,
  ...callCases,
];

/** The ids of all cases, stable: gaps are declared by them. */
export const modelCaseIds: readonly string[] = Object.freeze(cases.map(({ id }) => id));

/**
 * Every promise of the `ChatModel` contract as a test, for any model whose vendor can be played. For providers of the
 * Chat Completions dialect `openAIScenarios` of `@loci/testing/openai` is the vendor.
 *
 * @example
 * modelConformance({ describe, it }, {
 *   name: 'my-provider',
 *   create: openAIScenarios(({ url, apiKey, clock }) => myModel({ url, apiKey, clock })),
 * });
 */
export function modelConformance(runner: TestRunner, options: ModelConformanceOptions): void {
  const stage: Stage = (scenario, play) =>
    withContext(async (context) =>
      play({ ...(await options.create({ ...context, scenario })), clock: context.clock }),
    );
  runSuite(runner, {
    name: options.name,
    contract: 'chat model',
    factory: {
      id: 'factory',
      title: '`create` makes models before vendors of their own, and each vendor sees its own requests',
      run: () =>
        stage('text', (one) =>
          stage('text', async (other) => {
            equal([one.requests(), one.openConnections()], [0, 0]);
            const { events, error } = await read(one);
            holds(events.length > 0 || error !== undefined, 'the stream gave nothing and no error');
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
