import type { EmbedOptions, ModelError } from '@loci/core';
import { equal, failureOf, holds } from '../kit/assertions.js';
import type { Case } from '../kit/suite.js';
import { until } from '../kit/waiting.js';
import type { TestClock } from '../test-clock.js';
import type { EmbeddingScenario, EmbeddingSubject } from './scenarios.js';

export interface EmbeddingScene extends EmbeddingSubject {
  readonly clock: TestClock;
}

/** Sets a scene, plays on it and clears it away. */
export type EmbeddingStage = (
  scenario: EmbeddingScenario,
  play: (scene: EmbeddingScene) => Promise<void>,
) => Promise<void>;

/** A case on one scene. */
export function embeddingCase(
  id: string,
  scenario: EmbeddingScenario,
  title: string,
  play: (scene: EmbeddingScene) => Promise<void>,
): Case<EmbeddingStage> {
  return { id, title, run: (stage) => stage(scenario, play) };
}

/** Texts without a common word. */
export const texts = ['apple orchard', 'stone bridge', 'candle light'] as const;

/** The `ModelError` of a call that fails. */
export function errorOf({ model }: EmbeddingSubject, options: EmbedOptions = {}): Promise<ModelError> {
  return failureOf(model.embed(texts, options));
}

/** The vectors are those of the texts: each is what its text gives alone. */
export async function expectVectors(
  { model }: EmbeddingSubject,
  given: readonly string[],
  vectors: readonly (readonly number[])[],
): Promise<void> {
  equal(vectors.length, given.length);
  for (const [index, text] of given.entries()) {
    const alone = await model.embed([text]);
    equal(vectors[index], alone.vectors[0], `the vector of text ${index} is another one's`);
  }
}

/** The vendor has nothing left to answer, and the model nothing to wait for. */
export async function expectClosed({ openConnections, clock }: EmbeddingScene): Promise<void> {
  await until(clock, () => openConnections() === 0, 'the end of every connection');
  holds(clock.pending().length === 0, 'a timer was left behind');
}
