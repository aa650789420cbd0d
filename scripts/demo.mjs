// Runs apps/demo on a fresh build, in this process: stdin, Ctrl-C and the exit code are the demo's own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './workspaces.mjs';

const terminal = process.stderr.isTTY;
if (terminal) process.stderr.write('building…');
const status = build({ quiet: true, filter: '@loci/demo' });
if (terminal) process.stderr.write('\r\x1b[K');
if (status !== 0) process.exit(status);

const main = join(root, 'apps/demo/dist/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
