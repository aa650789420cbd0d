import {
  type ChatModel,
  type Clock,
  InvalidInputError,
  randomId as secureId,
  systemClock,
  type TokenCounter,
} from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import type { CompactionEvent } from '../events.js';
import type { ClearOptions, CompactionOptions, Preset, TokenRates, Trigger } from './options.js';

/** The options with everything filled in. */
export interface Settings {
  readonly enabled: boolean;
  readonly triggers: readonly Trigger[];
  readonly preserveLastMessages: number;
  readonly summaryMaxTokens: number;
  readonly compressionRatio: number;
  readonly preserveSystemMessages: boolean;
  readonly preserveToolCalls: boolean;
  readonly preserveImages: boolean;
  readonly tags: readonly string[];
  readonly summaryModel: ChatModel | 'none' | undefined;
  readonly summaryInstructions: string | undefined;
  readonly summaryTimeoutMs: number;
  readonly maxSummaryCalls: number;
  readonly clearToolResults: Required<ClearOptions> | false;
  readonly dropReasoning: boolean;
  readonly readCleared: boolean;
  readonly target: number;
  readonly minGain: number;
  readonly coldFraction: number;
  readonly cacheTtlMs: number;
  readonly rates: (model: { readonly provider: string; readonly modelId: string }) => TokenRates | undefined;
  readonly breaker: { readonly failures: number; readonly cooldownMs: number };
  readonly counter: TokenCounter;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly emit: (event: CompactionEvent) => void;
}

const presets: Readonly<Record<Preset, CompactionOptions>> = {
  safe: {
    trigger: { fraction: 0.7 },
    preserveLastMessages: 20,
    summaryMaxTokens: 4000,
    coldFraction: 1,
    clearToolResults: { keep: 6 },
  },
  cheap: {
    trigger: { fraction: 0.7 },
    preserveLastMessages: 6,
    summaryMaxTokens: 1500,
    target: 0.3,
    coldFraction: 0.6,
    readCleared: false,
    clearToolResults: { keep: 3 },
  },
  'max-recall': {
    trigger: { fraction: 0.9 },
    preserveLastMessages: 40,
    summaryMaxTokens: 8000,
    compressionRatio: 0.5,
    target: 0.7,
    preserveImages: true,
    clearToolResults: { keep: 12 },
    coldFraction: 1,
  },
};

/** Fills in presets and defaults. Throws `InvalidInputError` for what cannot be used. */
export function toSettings(given: CompactionOptions): Settings {
  const { preset } = given;
  if (preset !== undefined && !Object.hasOwn(presets, preset))
    throw new InvalidInputError('preset', `must be one of ${Object.keys(presets).join(', ')}`);
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: CompactionOptions = { ...(preset ? presets[preset] : {}), ...named };
  const { breaker = {}, onEvent, clearToolResults = {} } = options;
  check(options);
  return Object.freeze({
    enabled: options.enabled ?? true,
    triggers: toTriggers(given, options),
    preserveLastMessages: options.preserveLastMessages ?? 10,
    summaryMaxTokens: options.summaryMaxTokens ?? 2000,
    compressionRatio: options.compressionRatio ?? 0.3,
    preserveSystemMessages: options.preserveSystemMessages ?? true,
    preserveToolCalls: options.preserveToolCalls ?? true,
    preserveImages: options.preserveImages ?? false,
    tags: options.tags ?? [],
    summaryModel: options.summaryModel,
    summaryInstructions: options.summaryInstructions,
    summaryTimeoutMs: options.summaryTimeoutMs ?? 60_000,
    maxSummaryCalls: options.maxSummaryCalls ?? 12,
    clearToolResults: clearToolResults && {
      keep: clearToolResults.keep ?? 4,
      exempt: clearToolResults.exempt ?? [],
    },
    dropReasoning: options.dropReasoning ?? true,
    readCleared: options.readCleared ?? true,
    target: options.target ?? 0.5,
    minGain: options.minGain ?? 0.1,
    coldFraction: options.coldFraction ?? 0.8,
    cacheTtlMs: options.cacheTtlMs ?? 300_000,
    rates: options.rates ?? (() => undefined),
    breaker: { failures: breaker.failures ?? 3, cooldownMs: breaker.cooldownMs ?? 300_000 },
    counter: options.counter ?? estimateCounter,
    clock: options.clock ?? systemClock,
    randomId: options.randomId ?? secureId,
    emit: (event: CompactionEvent) => {
      try {
        onEvent?.(event);
      } catch {
        // Watching a compaction must not be able to fail it.
      }
    },
  });
}

/** A preset's trigger gives way to any that is named. */
function toTriggers(given: CompactionOptions, options: CompactionOptions): readonly Trigger[] {
  const { tokenThreshold } = given;
  const byTokens = tokenThreshold === undefined ? [] : [{ tokens: tokenThreshold }];
  const named =
    given.trigger === undefined && byTokens.length > 0 ? [] : (options.trigger ?? [{ fraction: 0.75 }]);
  const triggers = [...byTokens, ...(isList(named) ? named : [named])];
  for (const trigger of triggers) checkTrigger(trigger, options.preserveLastMessages ?? 10);
  return triggers;
}

function isList(value: Trigger | readonly Trigger[]): value is readonly Trigger[] {
  return Array.isArray(value);
}

function checkTrigger(trigger: Trigger, preserved: number): void {
  const { tokens, fraction, messages, idleMs, ...rest } = trigger;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new InvalidInputError('trigger', `knows no “${unknown}”`);
  if ([tokens, fraction, messages, idleMs].every((value) => value === undefined))
    throw new InvalidInputError('trigger', 'needs one of tokens, fraction, messages and idleMs');
  count('trigger.tokens', tokens, 1);
  part('trigger.fraction', fraction);
  count('trigger.messages', messages, 1);
  count('trigger.idleMs', idleMs, 0);
  if (messages !== undefined && messages <= preserved && tokens === undefined && idleMs === undefined)
    throw new InvalidInputError(
      'trigger.messages',
      `must be more than the ${preserved} messages that are preserved`,
    );
}

function check(options: CompactionOptions): void {
  count('tokenThreshold', options.tokenThreshold, 1);
  count('preserveLastMessages', options.preserveLastMessages, 0);
  count('summaryMaxTokens', options.summaryMaxTokens, 50);
  part('compressionRatio', options.compressionRatio);
  count('summaryTimeoutMs', options.summaryTimeoutMs, 1);
  count('maxSummaryCalls', options.maxSummaryCalls, 1);
  part('target', options.target);
  part('minGain', options.minGain);
  part('coldFraction', options.coldFraction);
  count('cacheTtlMs', options.cacheTtlMs, 0);
  count('breaker.failures', options.breaker?.failures, 1);
  count('breaker.cooldownMs', options.breaker?.cooldownMs, 0);
  const { clearToolResults, summaryModel } = options;
  if (clearToolResults) count('clearToolResults.keep', clearToolResults.keep, 0);
  const isModel = typeof summaryModel === 'object' && typeof summaryModel?.stream === 'function';
  if (summaryModel !== undefined && summaryModel !== 'none' && !isModel)
    throw new InvalidInputError('summaryModel', 'must be a chat model or “none”');
  const { tags, summaryInstructions } = options;
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')))
    throw new InvalidInputError('tags', 'must be a list of texts');
  if (summaryInstructions !== undefined && typeof summaryInstructions !== 'string')
    throw new InvalidInputError('summaryInstructions', 'must be a text');
  for (const name of [
    'enabled',
    'preserveSystemMessages',
    'preserveToolCalls',
    'preserveImages',
    'dropReasoning',
    'readCleared',
  ] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'boolean')
      throw new InvalidInputError(name, 'must be true or false');
  }
}

function count(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
    throw new InvalidInputError(name, `must be a whole number from ${least}`);
}

function part(name: string, value: number | undefined): void {
  if (value !== undefined && !(value > 0 && value <= 1))
    throw new InvalidInputError(name, 'must be more than 0 and at most 1');
}
