import type { ModelTraits } from '@loci/core';
import { resolveTraits, type TraitOverrides } from '@loci/core/provider';

// Windows and outputs as published in November 2026. Exact ids and their dated snapshots only: an unlisted id is unknown.
const reasoning = { features: 'reasoning' } as const;
const plain = { features: 'plain' } as const;
const known: Readonly<
  Record<
    string,
    {
      readonly features: 'reasoning' | 'plain';
      readonly contextWindow: number;
      readonly maxOutputTokens?: number;
    }
  >
> = {
  'gpt-6-astra': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-6-sol': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-6-luna': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-5.6-sol': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-5.6-terra': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-5.6-luna': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-5.5': { ...reasoning, contextWindow: 1_000_000 },
  'gpt-5.4': { ...reasoning, contextWindow: 1_050_000 },
  'gpt-5.4-mini': { ...reasoning, contextWindow: 400_000 },
  'gpt-5.4-nano': { ...reasoning, contextWindow: 400_000 },
  'gpt-5.2': { ...reasoning, contextWindow: 400_000 },
  'gpt-5.1': { ...reasoning, contextWindow: 400_000 },
  'gpt-5': { ...reasoning, contextWindow: 400_000 },
  'gpt-5-mini': { ...reasoning, contextWindow: 400_000 },
  'gpt-5-nano': { ...reasoning, contextWindow: 400_000 },
  o3: { ...reasoning, contextWindow: 200_000 },
  'o4-mini': { ...reasoning, contextWindow: 200_000 },
  'gpt-4.1': { ...plain, contextWindow: 1_047_000 },
  'gpt-4.1-mini': { ...plain, contextWindow: 1_047_000 },
  'gpt-4.1-nano': { ...plain, contextWindow: 1_047_000 },
  'gpt-4o': { ...plain, contextWindow: 128_000 },
  'gpt-4o-mini': { ...plain, contextWindow: 128_000 },
};

/** What is known about a model: from the settings, else from the built-in table, else 'unknown'. */
export function traitsOf(modelId: string, overrides?: TraitOverrides): ModelTraits {
  const entry = known[modelId.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
  const said = entry ? 'yes' : 'unknown';
  const features: ModelTraits['features'] = {
    tools: said,
    images: said,
    files: said,
    'output-schema': said,
    reasoning: isReasoningModel(modelId) ? 'yes' : entry || isPlainModel(modelId) ? 'no' : 'unknown',
    system: 'yes',
    prefill: 'no',
  };
  return resolveTraits({ ...entry, features }, overrides);
}

/** By the family in the id, so that unlisted snapshots count too. Reasoning models refuse sampling and read the developer role. */
export function isReasoningModel(modelId: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d{2,}))(?!.*-chat)/.test(modelId);
}

/** The families before effort `none` existed: they cannot stop reasoning. */
export function leastEffort(modelId: string): 'none' | 'minimal' | 'low' {
  if (/^o\d/.test(modelId)) return 'low';
  return /^gpt-5(?:$|-)/.test(modelId) ? 'minimal' : 'none';
}

function isPlainModel(modelId: string): boolean {
  return /^(?:gpt-3\.5|gpt-4|chatgpt-|gpt-[5-9].*-chat)/.test(modelId);
}
