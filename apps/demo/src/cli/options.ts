/** Every option that a story may take. Each has a value; `--model` and `--help` are added for all. */
export const options = {
  thread: { value: 'ID', about: 'the conversation, by any name (default: default)' },
  file: { value: 'PATH', about: 'where everything is kept (default: loci-demo.db, or LOCI_DEMO_FILE)' },
  model: { value: 'MODEL', about: 'openai, anthropic, mistral or router, or a model (openai:gpt-5.4)' },
  'context-window': { value: 'TOKENS', about: "the model's context window, where it is not known" },
} as const;

export type OptionName = keyof typeof options;

export const optionNames = Object.keys(options) as readonly OptionName[];
