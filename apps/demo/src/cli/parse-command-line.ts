import { parseArgs } from 'node:util';
import { stories } from '../stories.js';
import type { OptionName } from './options.js';
import type { Story } from './story.js';
import { UsageError } from './usage-error.js';

export interface Command {
  readonly story: Story;
  readonly values: { readonly [N in OptionName]?: string };
}

/** What to do. Throws `UsageError` for an unknown command, an unknown option and a missing value. */
export function parseCommandLine(
  args: readonly string[],
): Command | { readonly help: 'all' } | { readonly help: Story } {
  const [first] = args;
  if (first === '--help' || first === '-h' || first === 'help') return { help: 'all' };
  const isNamed = first !== undefined && !first.startsWith('-');
  const story = isNamed ? stories.find(({ name }) => name === first) : stories[0];
  if (!story) {
    const names = stories.map(({ name }) => name).join(' and ');
    throw new UsageError(`There is no command ${JSON.stringify(first)}. The commands are ${names}.`);
  }
  const { values, positionals } = parse(isNamed ? args.slice(1) : args, story);
  if (values['help'] === true) return { help: story };
  if (positionals.length > 0) {
    throw new UsageError(
      `${story.name} takes options only, not ${JSON.stringify(positionals[0])}. With npm they stand behind --: npm run demo -- ${story.name} …`,
    );
  }
  return { story, values: values as Command['values'] };
}

function parse(args: readonly string[], story: Story) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries([...story.options, 'model'].map((name) => [name, { type: 'string' as const }])),
      },
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')))
      throw error;
    const [what = ''] = error.message.split(/\. |\n/);
    throw new UsageError(`${what.replace(/\.?$/, '.')} See: npm run demo -- ${story.name} --help`);
  }
}
