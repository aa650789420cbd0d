import type { ModelTraits } from '@loci/core';

/** A model that can do everything, of a size that nobody knows, but for what is said of it. */
export function completeTraits(traits: Partial<ModelTraits> = {}): ModelTraits {
  const features = {
    tools: 'yes',
    images: 'yes',
    files: 'yes',
    'output-schema': 'yes',
    reasoning: 'yes',
    system: 'yes',
    prefill: 'yes',
  } as const;
  return {
    contextWindow: 'unknown',
    maxOutputTokens: 'unknown',
    ...traits,
    features: { ...features, ...traits.features },
  };
}
