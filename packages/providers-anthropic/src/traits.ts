import type { ModelTraits } from '@loci/core';
import { findModel } from './models.js';
import type { AnthropicSettings } from './settings.js';

/** What is known about a model: from the settings, else from the built-in table, else 'unknown'. */
export function traitsOf(modelId: string, overrides: AnthropicSettings['traits'] = {}): ModelTraits {
  const model = findModel(modelId);
  const said = model ? 'yes' : 'unknown';
  const features: ModelTraits['features'] = {
    tools: said,
    images: said,
    files: said,
    'output-schema': said,
    reasoning: said,
    system: 'yes',
    prefill: model ? (model.prefill ? 'yes' : 'no') : 'unknown',
    ...overrides.features,
  };
  return Object.freeze({
    contextWindow: overrides.contextWindow ?? model?.contextWindow ?? 'unknown',
    maxOutputTokens: overrides.maxOutputTokens ?? model?.maxOutputTokens ?? 'unknown',
    features: Object.freeze(features),
  });
}
