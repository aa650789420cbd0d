import type { ModelTraits } from '@loci/core';
import { resolveTraits, type TraitOverrides } from '@loci/core/provider';

type Known = readonly [
  contextWindow: number | 'unknown',
  images: ModelTraits['features']['images'],
  reasoning: ModelTraits['features']['reasoning'],
];

// Its window is given as 1,000,000 by some and as this by others: the smaller one is safe.
const large4: Known = [524_288, 'yes', 'unknown'];
const medium: Known = [262_144, 'yes', 'yes'];
const ministral: Known = ['unknown', 'yes', 'unknown'];

// Windows as published in November 2026. Exact ids only: an unlisted id, and every `-latest` that moves, is unknown.
const known: Readonly<Record<string, Known>> = {
  'mistral-large-4': large4,
  'mistral-large-4-0': large4,
  'mistral-large-2610': large4,
  'mistral-large-2512': [262_144, 'yes', 'no'],
  'mistral-medium-3-5': medium,
  'mistral-medium-2604': medium,
  'mistral-medium-2508': [131_072, 'yes', 'no'],
  'mistral-small-2603': medium,
  'devstral-2512': [262_144, 'unknown', 'no'],
  'codestral-2508': [256_000, 'unknown', 'no'],
  'ministral-14b-2512': ministral,
  'ministral-8b-2512': ministral,
  'ministral-3b-2512': ministral,
};

/** What is known about a model: from the settings, else from the built-in table, else 'unknown'. */
export function traitsOf(modelId: string, overrides?: TraitOverrides): ModelTraits {
  const listed = Object.hasOwn(known, modelId);
  const said = listed ? 'yes' : 'unknown';
  const [contextWindow, images, reasoning] =
    (listed && known[modelId]) || (['unknown', 'unknown', 'unknown'] as const);
  const features: ModelTraits['features'] = {
    tools: said,
    images,
    files: 'unknown',
    'output-schema': said,
    reasoning: alwaysReasons(modelId) ? 'yes' : reasoning,
    system: 'yes',
    prefill: said,
  };
  return resolveTraits({ contextWindow, features }, overrides);
}

/** The family that reasons by its prompt, not by an effort. */
export function alwaysReasons(modelId: string): boolean {
  return /^magistral-/.test(modelId);
}
