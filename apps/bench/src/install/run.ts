import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end; resolves what it printed, rejects with what it complained of. A time-out of 0 is none. */
export async function run(
  command: string,
  args: readonly string[],
  folder: string,
  timeout = 0,
): Promise<string> {
  const { stdout } = await execute(command, [...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024, timeout });
  return stdout;
}

/** What went wrong, in one line: npm's own words where it was npm. */
export function reasonOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  return (lines.find((line) => line.startsWith('npm error')) ?? lines[0] ?? '').slice(0, 160);
}
