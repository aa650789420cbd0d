import { quotingDescription } from '@loci/testing';
import { stories } from '../stories.js';
import { type OptionName, optionNames, options } from './options.js';
import { table, wrap } from './output.js';
import type { Story } from './story.js';

/** What `--help` prints. */
export function helpForAll(): string {
  return [
    'Loci demo: a chat that remembers, also after the program has ended.',
    '',
    'Usage: npm run demo -- [command] [options]',
    '',
    'Commands',
    ...table(
      stories.map(({ name, about }, index) => [name, index === 0 ? `${about} (default)` : about]),
      '  ',
    ),
    '',
    'Options',
    ...optionRows(optionNames),
    '',
    'Model',
    ...wrap(
      `Without a key a server in this process answers, in the dialect of the vendor that is named. ${quotingDescription}`,
    ),
    '',
    '  OPENAI_API_KEY=… npm run demo                          talks to OpenAI',
    '  ANTHROPIC_API_KEY=… npm run demo -- --model anthropic  to Anthropic',
    '  MISTRAL_API_KEY=… npm run demo -- \\',
    '    --model mistral:mistral-small-2603                   to this model of Mistral',
    '  OPENAI_API_KEY=… MISTRAL_API_KEY=… npm run demo -- \\',
    '    --model router                                       to both, with failover',
    '  OPENAI_BASE_URL=http://localhost:11434/v1 \\',
    '    npm run demo -- --model llama3.3                     to any compatible server',
    '',
  ].join('\n');
}

/** What `--help` behind a command prints. */
export function helpFor(story: Story): string {
  return [
    `${story.name}: ${story.about}`,
    '',
    `Usage: npm run demo -- ${story.name} [options]`,
    '',
    ...optionRows(story.options),
    '',
    ...story.details,
    '',
  ].join('\n');
}

function optionRows(names: readonly OptionName[]): string[] {
  const rows = names.map((name) => [`--${name} ${options[name].value}`, options[name].about]);
  return table([...rows, ['-h, --help', 'this text, or with a command its own help']], '  ');
}
