import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { InvalidInputError, type ModelTraits } from '@loci/core';
import type { NameRule } from '@loci/core/conversation';
import {
  checkSettings as check,
  isName,
  type ProviderSettings,
  type SettingRule,
  type TraitOverrides,
} from '@loci/core/provider';

export interface FromAiSdkSettings extends Pick<ProviderSettings, 'clock' | 'timeouts'> {
  /** Name of the vendor in responses, origins and `request.vendor`. @default the model's, for example 'anthropic.messages' */
  readonly provider?: string;
  /** Name under which the model reads `providerOptions`. @default the model's provider up to the first dot, for example 'anthropic' */
  readonly optionsName?: string;
  /** What is known about the model; the AI SDK says nothing of it. Features that are 'no' are not sent, with a warning. @default all 'unknown' */
  readonly traits?: TraitOverrides;
  /** Media types that the model takes; others are left out, with a warning. @default PNG, JPEG, GIF, WebP, PDF and plain text */
  readonly mediaTypes?: readonly string[];
  /** Ids of tool calls that the vendor takes; others are rewritten. @default 1–40 letters, digits, `_` and `-` */
  readonly callIds?: NameRule;
  /** Provider options that mark the end of a prefix named in `request.cache`. @default none */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** Keys that the model was given: they are taken out of the words of errors, beside everything that looks like a key. @default none */
  readonly secrets?: readonly string[];
}

/** The AI SDK says nothing of its models. */
export const unknownFeatures: ModelTraits['features'] = {
  tools: 'unknown',
  images: 'unknown',
  files: 'unknown',
  'output-schema': 'unknown',
  reasoning: 'unknown',
  system: 'unknown',
  prefill: 'unknown',
};

const isTexts: SettingRule = [
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'is not a list of strings',
];

/** Throws `InvalidInputError` with the path of the first thing that is not what it should be. */
export function checkSettings(model: LanguageModelV4, settings: FromAiSdkSettings): void {
  const { specificationVersion, doStream, provider } = Object(model) as Readonly<Record<string, unknown>>;
  if (typeof doStream !== 'function' || typeof provider !== 'string')
    throw new InvalidInputError(
      'model',
      'is not an AI SDK language model; create one with a provider package',
    );
  if (specificationVersion !== 'v4')
    throw new InvalidInputError(
      'model',
      `has the specification version ${JSON.stringify(specificationVersion)}, not "v4"; install the provider package for AI SDK 7`,
    );
  check(model.modelId, settings, { optionsName: isName, mediaTypes: isTexts, secrets: isTexts });
}
