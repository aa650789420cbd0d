import type { Clock } from '../clock.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { CallTimeouts, ModelTraits } from '../model/model.js';

/** What every provider can be told. */
export interface ProviderSettings {
  /** The key, or a function that is asked for it before each call. */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Of the vendor or any compatible server. */
  readonly baseUrl?: string;
  /** Sent with every request; they win over the provider's own. Treated as secrets in errors. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Limits of each call where the call sets none. @default headers 120 s, first content 300 s, idle 60 s, no total */
  readonly timeouts?: CallTimeouts;
  /** @default the platform's */
  readonly fetch?: typeof globalThis.fetch;
  /** @default the machine's own */
  readonly clock?: Clock;
  /** What is known about the model, over the built-in table. Features that are 'no' are not sent, with a warning. */
  readonly traits?: TraitOverrides;
  /** Name of the vendor in responses, origins and `request.vendor`. */
  readonly provider?: string;
}

/** Traits of which any may be missing. */
export type TraitOverrides = Partial<Omit<ModelTraits, 'features'>> & {
  readonly features?: Partial<ModelTraits['features']>;
};

/** Limits where neither the call nor the settings have one. Reasoning models may think for minutes before their first word. */
export const defaultTimeouts: CallTimeouts = Object.freeze({
  headersMs: 120_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
});

/** What a setting must be, and what to say where it is not: it follows the path of the setting. */
export type SettingRule = readonly [holds: (value: unknown) => boolean, reason: string];

const isFunction = (value: unknown) => typeof value === 'function';
const isText = (value: unknown) => typeof value === 'string' && value !== '';

export const isName: SettingRule = [isText, 'is not a name'];
export const isFlag: SettingRule = [(value) => typeof value === 'boolean', 'is not true or false'];
export const isOneOf = (...allowed: readonly string[]): SettingRule => [
  (value) => allowed.includes(value as string),
  `is none of ${allowed.map((value) => `'${value}'`).join(', ')}`,
];

const rules: { readonly [name in keyof ProviderSettings]: SettingRule } = {
  apiKey: [(value) => isFunction(value) || isText(value), 'is neither a key nor a function'],
  baseUrl: [
    (value) => typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value),
    'is not an http or https URL',
  ],
  provider: isName,
  fetch: [isFunction, 'is not a function'],
  clock: [
    (value) => isFunction((value as Clock | null)?.now) && isFunction((value as Clock | null)?.after),
    'is not a clock',
  ],
};

/**
 * Throws `InvalidInputError` with the path of the first setting that is not what it should be. A setting that is
 * `undefined` is absent.
 *
 * @param own Rules of the settings that this provider has beside those of every provider.
 */
export function checkSettings<S extends ProviderSettings>(
  modelId: string,
  settings: S,
  own: { readonly [name in keyof S]?: SettingRule } = {},
): void {
  const check = (value: unknown, path: string, [holds, reason]: SettingRule) => {
    if (!holds(value)) throw new InvalidInputError(path, reason);
  };
  check(modelId, 'modelId', [isText, 'is not a model id']);
  check(settings, 'settings', [(value) => typeof value === 'object' && value !== null, 'is not an object']);
  const checkAll = (values: object, path: string, ruleOf: (name: string) => SettingRule | undefined) => {
    for (const [name, value] of Object.entries(values)) {
      const rule = ruleOf(name);
      if (rule && value !== undefined) check(value, `${path}.${name}`, rule);
    }
  };
  const all: { readonly [name: string]: SettingRule } = { ...rules, ...own };
  checkAll(settings, 'settings', (name) => all[name]);
  const text: SettingRule = [(value) => typeof value === 'string', 'is not a string'];
  checkAll(settings.headers ?? {}, 'settings.headers', () => text);
  const duration: SettingRule = [
    (value) => Number.isFinite(value) && (value as number) >= 0,
    'is not a number of milliseconds',
  ];
  checkAll(settings.timeouts ?? {}, 'settings.timeouts', () => duration);
}
