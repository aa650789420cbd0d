// `node scripts/run-app.mjs demo …`: runs an app on a fresh build, in this process: stdin, Ctrl-C and the exit code are
// the app's own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './workspaces.mjs';

const [app] = process.argv.splice(2, 1);
const terminal = process.stderr.isTTY;
if (terminal) process.stderr.write('building…');
const status = build({ quiet: true, filter: `@loci/${app}` });
if (terminal) process.stderr.write('\r\x1b[K');
if (status !== 0) process.exit(status);

const main = join(root, 'apps', app, 'dist/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
