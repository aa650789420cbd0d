import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';
import { run } from './run.js';

const cache = join(root, 'node_modules/.cache/loci/peers');

const longestMs = 180_000;

/**
 * Installs packages (`name@version` or tarballs) through npm into a folder of their own outside the workspace and answers
 * the folder; what is there already is used again. Rejects with npm's words, for example without a network.
 */
export async function install(name: string, packages: readonly string[], reuse = true): Promise<string> {
  const digest = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = join(cache, `${name}-${digest}`);
  if (reuse && existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  for (const old of [folder, unfinished]) rmSync(old, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), '{ "private": true, "type": "module" }\n');
  // What is installed is named in full: npm is not to look for versions that would satisfy every peer range.
  const options = ['--legacy-peer-deps', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', '--loglevel=error', ...options, ...packages], unfinished, longestMs);
  renameSync(unfinished, folder);
  return folder;
}
