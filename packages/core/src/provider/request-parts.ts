import type { Warnings } from '../conversation/warnings.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { hashText } from '../message/hash.js';
import type { JsonValue } from '../message/message.js';
import type { ChatRequest, Feature, ModelTraits, ToolSpec } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { decisions } from './failures.js';
import { isObject } from './is-object.js';

/** The value, or `undefined` with a warning where the model is known not to have the feature. */
export function supported<T>(
  feature: Feature,
  value: T | undefined,
  traits: ModelTraits,
  warnings: Warnings,
): T | undefined {
  if (value === undefined || traits.features[feature] !== 'no') return value;
  warnings.add(feature, `The model does not support ${feature}; it was left out.`);
  return undefined;
}

/** The tools that are declared; none where the model takes none. */
export function toDeclared(
  { tools }: ChatRequest,
  traits: ModelTraits,
  warnings: Warnings,
): readonly ToolSpec[] {
  return supported('tools', tools?.length ? tools : undefined, traits, warnings) ?? [];
}

/**
 * The choice of a tool, checked: `undefined` where nothing need be said, or, with a warning, where the request has no such
 * tool.
 */
export function toChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ToolSpec[],
  warnings: Warnings,
): Exclude<ChatRequest['toolChoice'], 'auto'> {
  if (choice === undefined || choice === 'auto' || (choice === 'none' && tools.length === 0))
    return undefined;
  if (typeof choice === 'string' ? tools.length > 0 : tools.some(({ name }) => name === choice.toolName))
    return choice;
  warnings.add('tool-choice', 'The tool choice was left out: the request has no such tool.');
  return undefined;
}

/** The maximum of output tokens; `undefined` with a warning where it is not a positive whole number. */
export function toMaximum({ maxOutputTokens }: ChatRequest, warnings: Warnings): number | undefined {
  if (maxOutputTokens === undefined || (Number.isSafeInteger(maxOutputTokens) && maxOutputTokens > 0))
    return maxOutputTokens;
  warnings.add(
    'max-output-tokens',
    'The maximum of output tokens was left out: it is not a positive whole number.',
  );
  return undefined;
}

/** The temperature, from 0 to the vendor's most, with a warning where it had to be changed; `undefined` where it is no number. */
export function toTemperature(
  { temperature }: ChatRequest,
  most: number,
  warnings: Warnings,
): number | undefined {
  if (temperature === undefined) return undefined;
  const clamped = Math.min(most, Math.max(0, temperature));
  if (!Number.isFinite(clamped)) {
    warnings.add('temperature', 'The temperature was left out: it is not a number.');
    return undefined;
  }
  if (clamped !== temperature)
    warnings.add('temperature', `The temperature was changed to ${clamped}: the vendor takes 0 to ${most}.`);
  return clamped;
}

/** The key that keeps equal prefixes on one endpoint, in at most 64 characters; `undefined` where the request has none. */
export function toCacheKey({ cache }: ChatRequest): string | undefined {
  const key = cache?.affinityKey;
  return key && key.length > 64 ? hashText(key) : key || undefined;
}

/**
 * The caller's settings for this vendor, `request.vendor[provider]`. Throws `InvalidInputError` where they are no object,
 * and for a field that `mayBeSet` refuses: what the provider decides itself.
 */
export function toVendorFields(
  { vendor }: ChatRequest,
  provider: string,
  mayBeSet: (field: string) => boolean,
): Record<string, JsonValue> {
  const settings = vendor?.[provider];
  if (settings === undefined) return {};
  const path = `request.vendor.${provider}`;
  if (!isObject(settings)) throw new InvalidInputError(path, 'is not an object');
  const wrong = Object.keys(settings).find((field) => !mayBeSet(field));
  if (wrong !== undefined) throw new InvalidInputError(`${path}.${wrong}`, 'may not be set here');
  return { ...(settings as { readonly [name: string]: JsonValue }) };
}

/** Throws `ModelError` `invalid-request` where no message is left to send. */
export function checkNotEmpty(messages: readonly unknown[]): void {
  if (messages.length > 0) return;
  throw new ModelError(
    'There is nothing to send: no message has content that the vendor takes. Add a user message.',
    decisions.invalid,
  );
}
