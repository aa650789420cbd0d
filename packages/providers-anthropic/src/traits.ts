import type { ModelTraits } from '@loci/core';
import { resolveTraits, type TraitOverrides } from '@loci/core/provider';
import { findModel } from './models.js';

/** What is known about a model: from the settings, else from the built-in table, else 'unknown'. */
export function traitsOf(modelId: string, overrides?: TraitOverrides): ModelTraits {
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
  };
  return resolveTraits({ ...model, features }, overrides);
}
