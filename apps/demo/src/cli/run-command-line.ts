import { InvalidInputError, InvalidKeyError, LociError } from '@loci/core';
import type { Answering } from '../wiring/vendors.js';
import { explain } from './explain.js';
import { helpFor, helpForAll } from './help.js';
import { note, print, warn } from './output.js';
import { parseCommandLine } from './parse-command-line.js';
import { toSettings } from './settings.js';
import { UsageError } from './usage-error.js';

/** Runs one command. Resolves the exit code: 2 where the command line itself is at fault. Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  // Whoever reads us may go away first, for example `head`.
  process.stdout.on('error', () => process.exit(0));
  let vendor: Answering = 'openai';
  try {
    const command = parseCommandLine(args);
    if ('help' in command) {
      print(command.help === 'all' ? helpForAll() : helpFor(command.help));
      return 0;
    }
    const settings = toSettings(command.values, environment);
    vendor = settings.model.vendor;
    if (command.values.model !== undefined && !command.story.options.includes('model'))
      note(`${command.story.name} asks no model: --model changes nothing here.`);
    return await command.story.run(settings);
  } catch (error) {
    if (error instanceof UsageError) {
      warn(error.message);
      return 2;
    }
    warn(
      LociError.isInstance(error) ? explain(error, vendor) : `This is a bug of the demo. ${showStack(error)}`,
    );
    return InvalidKeyError.isInstance(error) || InvalidInputError.isInstance(error) ? 2 : 1;
  }
}

function showStack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
