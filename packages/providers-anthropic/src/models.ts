/** What a model is known to take, beyond the traits of the contract. */
export interface ModelKnowledge {
  /** How reasoning is asked for: by effort alone, or by a budget of tokens. */
  readonly thinking: 'adaptive' | 'budget';
  /** It can be asked not to reason. */
  readonly canStopThinking: boolean;
  readonly effort: boolean;
  /** `tool_choice` `any` and `tool`. */
  readonly forcedTools: boolean;
  readonly temperature: boolean;
  /** A last message of the assistant, which the model continues. */
  readonly prefill: boolean;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
}

const newest: ModelKnowledge = {
  thinking: 'adaptive',
  canStopThinking: true,
  effort: true,
  forcedTools: true,
  temperature: false,
  prefill: false,
};
const million = { contextWindow: 1_000_000, maxOutputTokens: 128_000 } as const;
const alwaysThinking = { ...newest, canStopThinking: false };
const unforced = { ...alwaysThinking, forcedTools: false };
const old: ModelKnowledge = {
  thinking: 'budget',
  canStopThinking: true,
  effort: false,
  forcedTools: true,
  temperature: true,
  prefill: true,
  contextWindow: 200_000,
  maxOutputTokens: 64_000,
};

// As published in November 2026. Exact ids and their dated snapshots only; a size that was not published is left out.
const known: Readonly<Record<string, ModelKnowledge>> = {
  'claude-fable-5-2': unforced,
  'claude-fable-5-1': { ...unforced, ...million },
  'claude-fable-5': alwaysThinking,
  'claude-opus-5-5': { ...unforced, ...million },
  'claude-sonnet-5-5': { ...unforced, ...million },
  'claude-haiku-5-5': { ...newest, ...million },
  'claude-opus-5': newest,
  'claude-sonnet-5': newest,
  'claude-opus-4-8': { ...newest, contextWindow: 1_000_000 },
  'claude-opus-4-7': { ...newest, contextWindow: 1_000_000 },
  'claude-opus-4-6': { ...newest, temperature: true, contextWindow: 1_000_000 },
  'claude-sonnet-4-6': { ...newest, temperature: true },
  'claude-opus-4-5': { ...old, effort: true },
  'claude-sonnet-4-5': old,
  'claude-haiku-4-5': old,
};

/** What is known of a model; `undefined` for an id that is not in the table. */
export function findModel(modelId: string): ModelKnowledge | undefined {
  const id = modelId.replace(/-20\d{6}$/, '');
  return Object.hasOwn(known, id) ? known[id] : undefined;
}

/** What to send to a model: unknown Claude models are taken for new ones, everything else for a model that takes the old fields. */
export function knowledgeOf(modelId: string): ModelKnowledge {
  const found = findModel(modelId);
  if (found) return found;
  const { contextWindow: _, maxOutputTokens: __, ...legacy } = old;
  return /^claude-(?!3)/.test(modelId) ? newest : { ...legacy, prefill: false };
}
