import type { ModelTraits } from '../model/model.js';
import type { TraitOverrides } from './settings.js';

/** What is known about a model: what the settings say over what the built-in table says, else 'unknown'; all of it frozen. */
export function resolveTraits(
  known: Partial<Omit<ModelTraits, 'features'>> & Pick<ModelTraits, 'features'>,
  overrides: TraitOverrides = {},
): ModelTraits {
  return Object.freeze({
    contextWindow: overrides.contextWindow ?? known.contextWindow ?? 'unknown',
    maxOutputTokens: overrides.maxOutputTokens ?? known.maxOutputTokens ?? 'unknown',
    features: Object.freeze({ ...known.features, ...overrides.features }),
  });
}
