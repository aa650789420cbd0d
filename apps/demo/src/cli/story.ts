import type { OptionName } from './options.js';
import type { Settings } from './settings.js';

/** One command of the demo. */
export interface Story {
  /** What a user types. */
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** More for its own `--help`: whole lines. */
  readonly details: readonly string[];
  /** The options that it takes, `--help` aside. */
  readonly options: readonly OptionName[];
  /** Resolves the exit code. What it throws is explained on stderr. */
  run(settings: Settings): Promise<number>;
}
