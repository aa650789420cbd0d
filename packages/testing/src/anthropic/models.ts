/** What the vendor's models differ in, as far as requests can be refused for it. Seen up to November 2026. */
export interface ModelRules {
  /** `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
  /** `tool_choice` `any` and `tool`. */
  readonly forcedTools: boolean;
  /** `thinking` `enabled` with a budget. */
  readonly budgets: boolean;
  readonly adaptive: boolean;
  readonly betweenTools: boolean;
  /** `thinking` `disabled`. */
  readonly unthinking: boolean;
  readonly effort: boolean;
  /** A last message of the assistant. */
  readonly prefill: boolean;
  /** Absent where none was published. */
  readonly maxOutput?: number;
}

const newest: ModelRules = {
  sampling: false,
  forcedTools: true,
  budgets: true,
  adaptive: true,
  betweenTools: false,
  unthinking: true,
  effort: true,
  prefill: false,
};
const published = { maxOutput: 128_000 } as const;
const always: ModelRules = { ...newest, budgets: false, unthinking: false };
const old: ModelRules = {
  ...newest,
  sampling: true,
  adaptive: false,
  effort: false,
  prefill: true,
  maxOutput: 64_000,
};

const models: Readonly<Record<string, ModelRules>> = {
  'claude-fable-5-2': { ...always, forcedTools: false },
  'claude-fable-5-1': { ...always, ...published, forcedTools: false },
  'claude-fable-5': always,
  'claude-sonnet-5-5': { ...always, ...published, forcedTools: false, betweenTools: true },
  'claude-opus-5-5': { ...always, ...published, forcedTools: false },
  'claude-haiku-5-5': { ...newest, ...published, budgets: false },
  'claude-opus-5': newest,
  'claude-sonnet-5': newest,
  'claude-opus-4-8': newest,
  'claude-opus-4-7': newest,
  'claude-opus-4-6': { ...newest, sampling: true },
  'claude-sonnet-4-6': { ...newest, sampling: true },
  'claude-opus-4-5': { ...old, effort: true },
  'claude-sonnet-4-5': old,
  'claude-haiku-4-5': old,
};

/** The rules of a model or of a dated snapshot of it; `undefined` for one that is not known, which is refused nothing. */
export function rulesOf(model: string): ModelRules | undefined {
  return models[model.replace(/-20\d{6}$/, '')];
}
