import type { ChatModel, Feature, ModelTraits } from '@loci/core';

/** The traits that every one of the models has: the weakest of each. */
export function weakestTraits(models: readonly ChatModel[]): ModelTraits {
  const known = (of: (traits: ModelTraits) => number | 'unknown') => {
    const sizes = models.map(({ traits }) => of(traits));
    return sizes.includes('unknown') ? 'unknown' : Math.min(...(sizes as number[]));
  };
  const weakest = (feature: Feature) => {
    const answers = models.map(({ traits }) => traits.features[feature]);
    return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
  };
  return Object.freeze({
    features: Object.freeze({
      tools: weakest('tools'),
      images: weakest('images'),
      files: weakest('files'),
      'output-schema': weakest('output-schema'),
      reasoning: weakest('reasoning'),
      system: weakest('system'),
      prefill: weakest('prefill'),
    }),
    contextWindow: known(({ contextWindow }) => contextWindow),
    maxOutputTokens: known(({ maxOutputTokens }) => maxOutputTokens),
  });
}

/** What `provider` and `modelId` of a router say: what its models say where they agree. */
export function sharedName(names: readonly string[]): string {
  return new Set(names).size === 1 ? (names[0] as string) : 'router';
}
