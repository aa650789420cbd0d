import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { type CallTimeouts, type Clock, InvalidInputError, type ModelTraits } from '@loci/core';
import type { NameRule } from '@loci/core/conversation';

export interface FromAiSdkSettings {
  /** Name of the vendor in responses, origins and `request.vendor`. @default the model's, for example 'anthropic.messages' */
  readonly provider?: string;
  /** Name under which the model reads `providerOptions`. @default the model's provider up to the first dot, for example 'anthropic' */
  readonly optionsName?: string;
  /** What is known about the model; the AI SDK says nothing of it. Features that are 'no' are not sent, with a warning. @default all 'unknown' */
  readonly traits?: Partial<Omit<ModelTraits, 'features'>> & {
    readonly features?: Partial<ModelTraits['features']>;
  };
  /** Limits of each call where the call sets none. @default headers 120 s, first content 300 s, idle 60 s, no total */
  readonly timeouts?: CallTimeouts;
  /** Media types that the model takes; others are left out, with a warning. @default PNG, JPEG, GIF, WebP, PDF and plain text */
  readonly mediaTypes?: readonly string[];
  /** Ids of tool calls that the vendor takes; others are rewritten. @default 1–40 letters, digits, `_` and `-` */
  readonly callIds?: NameRule;
  /** Provider options that mark the end of a prefix named in `request.cache`. @default none */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** Keys that the model was given: they are taken out of the words of errors, beside everything that looks like a key. @default none */
  readonly secrets?: readonly string[];
  /** @default the machine's own */
  readonly clock?: Clock;
}

/** Limits where neither the call nor the settings have one. A model may think for minutes before its first word. */
export const defaultTimeouts: CallTimeouts = Object.freeze({
  headersMs: 120_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
});

/** Throws `InvalidInputError` with the path of the first thing that is not what it should be. */
export function checkSettings(model: LanguageModelV4, settings: FromAiSdkSettings): void {
  require(typeof model === 'object' &&
    model !== null, 'model', 'is not an AI SDK language model; create one with a provider package');
  const { specificationVersion: version } = model as { readonly specificationVersion?: unknown };
  require(version ===
    'v4', 'model', `has the specification version ${JSON.stringify(version)}, not "v4"; install the provider package for AI SDK 7`);
  require(typeof model.doStream === 'function' &&
    typeof model.provider ===
      'string', 'model', 'is not an AI SDK language model: it has no doStream or no provider');
  require(typeof settings === 'object' && settings !== null, 'settings', 'is not an object');
  const { provider, optionsName, timeouts, mediaTypes, secrets, clock } = settings;
  for (const [name, value] of Object.entries({ provider, optionsName }))
    require(value === undefined ||
      (typeof value === 'string' && value !== ''), `settings.${name}`, 'is not a name');
  for (const [name, value] of Object.entries(timeouts ?? {}))
    require(value === undefined ||
      (Number.isFinite(value) && value >= 0), `settings.timeouts.${name}`, 'is not a number of milliseconds');
  for (const [name, value] of Object.entries({ mediaTypes, secrets }))
    require(value === undefined ||
      (Array.isArray(value) &&
        value.every((item) => typeof item === 'string')), `settings.${name}`, 'is not a list of strings');
  require(clock === undefined ||
    (typeof clock.now === 'function' &&
      typeof clock.after === 'function'), 'settings.clock', 'is not a clock');
}

function require(holds: boolean, path: string, reason: string): void {
  if (!holds) throw new InvalidInputError(path, reason);
}

/** What the settings say of the model; the rest is 'unknown'. */
export function traitsOf(said: FromAiSdkSettings['traits'] = {}): ModelTraits {
  return Object.freeze({
    contextWindow: said.contextWindow ?? 'unknown',
    maxOutputTokens: said.maxOutputTokens ?? 'unknown',
    features: Object.freeze({
      tools: 'unknown',
      images: 'unknown',
      files: 'unknown',
      'output-schema': 'unknown',
      reasoning: 'unknown',
      system: 'unknown',
      prefill: 'unknown',
      ...said.features,
    }),
  });
}
