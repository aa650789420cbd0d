import { resolve } from 'node:path';
import { type Connection, chooseVendor, connectAll, type ModelChoice } from '../wiring/choose-vendor.js';
import type { VendorName } from '../wiring/vendors.js';
import type { OptionName } from './options.js';
import { UsageError } from './usage-error.js';

/** What the command line and the environment ask for, with defaults filled in. */
export interface Settings {
  readonly thread: string;
  /** Absolute path. */
  readonly file: string;
  readonly model: ModelChoice;
  /** Where each vendor is, also those that `model` does not name. */
  readonly connections: { readonly [V in VendorName]: Connection };
  /** Tokens. */
  readonly contextWindow: number | undefined;
}

/** Throws `UsageError` for a value that is none. An empty variable means the same as none. */
export function toSettings(
  values: { readonly [N in OptionName]?: string },
  environment: NodeJS.ProcessEnv,
): Settings {
  const file = values.file ?? (environment['LOCI_DEMO_FILE'] || 'loci-demo.db');
  if (file === '') throw new UsageError('--file needs a path.');
  return {
    thread: values.thread ?? 'default',
    // npm runs scripts in the root of the repository; the user stood where INIT_CWD says.
    file: resolve(environment['INIT_CWD'] || process.cwd(), file),
    model: chooseVendor(values.model, environment),
    connections: connectAll(environment),
    contextWindow: toTokens(values['context-window']),
  };
}

function toTokens(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const tokens = Number(text);
  if (/^\d+$/.test(text) && tokens > 0 && Number.isSafeInteger(tokens)) return tokens;
  throw new UsageError('--context-window needs a number of tokens, for example 32000.');
}
