// Builds what changed, through turbo's local cache. `--quiet` prints only failures.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

/** Runs `turbo run build`; answers its exit code. Its output goes to stderr, and stdin stays with the caller. */
export function build({ quiet = false, filter } = {}) {
  const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
  const options = ['run', 'build', `--output-logs=${quiet ? 'errors-only' : 'new-only'}`];
  if (filter) options.push(`--filter=${filter}`);
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [turbo, ...options], {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (quiet && status !== 0) process.stderr.write(stdout + stderr);
  return status ?? 1;
}

if (import.meta.main) {
  process.exitCode = build({ quiet: process.argv.includes('--quiet') });
}
