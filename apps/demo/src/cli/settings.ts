import { resolve } from 'node:path';
import type { OptionName } from './options.js';
import { UsageError } from './usage-error.js';

/** What the command line and the environment ask for, with defaults filled in. */
export interface Settings {
  readonly thread: string;
  /** Absolute path. */
  readonly file: string;
  readonly model: string | undefined;
  /** Tokens. */
  readonly contextWindow: number | undefined;
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

/** Throws `UsageError` for a value that is none. An empty variable means the same as none. */
export function toSettings(
  values: { readonly [N in OptionName]?: string },
  environment: NodeJS.ProcessEnv,
): Settings {
  const apiKey = environment['OPENAI_API_KEY'] || undefined;
  const baseUrl = environment['OPENAI_BASE_URL'] || undefined;
  const file = values.file ?? (environment['LOCI_DEMO_FILE'] || 'loci-demo.db');
  if (file === '') throw new UsageError('--file needs a path.');
  if (values.model === '') throw new UsageError('--model needs the id of a model.');
  if (values.model !== undefined && !apiKey && !baseUrl) {
    throw new UsageError(
      '--model needs a vendor: set OPENAI_API_KEY, or OPENAI_BASE_URL for another server.',
    );
  }
  if (baseUrl !== undefined && !(URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol))) {
    throw new UsageError('OPENAI_BASE_URL is not an http or https URL.');
  }
  return {
    thread: values.thread ?? 'default',
    // npm runs scripts in the root of the repository; the user stood where INIT_CWD says.
    file: resolve(environment['INIT_CWD'] || process.cwd(), file),
    model: values.model,
    contextWindow: toTokens(values['context-window']),
    apiKey,
    baseUrl,
  };
}

function toTokens(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const tokens = Number(text);
  if (/^\d+$/.test(text) && tokens > 0 && Number.isSafeInteger(tokens)) return tokens;
  throw new UsageError('--context-window needs a number of tokens, for example 32000.');
}
