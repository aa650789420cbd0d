// Everything but the tests, two checks at a time. `npm run check -- <name>…` runs only those.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { build } from './build.mjs';
import { isPortable, publishable, root, workspaces } from './workspaces.mjs';

const script = (name, ...options) => ['node', join('scripts', `${name}.mjs`), ...options];
const eachPackage = (command) => publishable().map(({ dir }) => command(dir));

/** Name → what it proves and the commands, one after the other. The slow ones come first. */
const checks = {
  packed: ['every package works when installed alone', [script('check-packed')]],
  types: [
    'sources, tests and type tests; no Node types in portable packages',
    [
      ['tsc', '-p', '.'],
      ...workspaces()
        .filter(isPortable)
        .map(({ dir }) => ['tsc', '-p', dir]),
    ],
  ],
  attw: [
    'types resolve for every kind of consumer',
    eachPackage((dir) => ['attw', '--pack', dir, '--profile', 'esm-only']),
  ],
  publint: ['package.json says what is packed', eachPackage((dir) => ['publint', dir, '--strict'])],
  examples: ['the examples of the READMEs compile', [script('check-examples')]],
  docs: ['the API reference has no broken links', [['typedoc', '--emit', 'none', '--logLevel', 'Warn']]],
  knip: ['no unused files, exports or dependencies', [['knip', '--no-config-hints']]],
  size: ['bundles stay within their budgets', [['size-limit']]],
  format: ['npm run format has nothing to do', [['biome', 'format', '--reporter=summary']]],
  lint: [
    'lint rules',
    [['biome', 'check', '--formatter-enabled=false', '--diagnostic-level=warn', '--error-on-warnings']],
  ],
  floors: ['imports only point down', [script('check-floors')]],
  ranges: ['internal ranges match, other versions are exact', [script('check-ranges')]],
  lock: ['the lock file serves every platform', [script('complete-lock', '--check')]],
};
const needsBuild = ['packed', 'attw', 'publint', 'size'];

const names = process.argv.slice(2).filter((argument) => argument !== '--help');
const unknown = names.filter((name) => !checks[name]);
if (process.argv.includes('--help') || unknown.length > 0) {
  if (unknown.length > 0) console.error(`No check is called ${unknown.join(', ')}.`);
  console.log('npm run check [-- <name>…]\n');
  for (const [name, [about]] of Object.entries(checks)) console.log(`  ${name.padEnd(8)} ${about}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const queue = names.length > 0 ? names : Object.keys(checks);
if (queue.some((name) => needsBuild.includes(name)))
  await report('build', async () => build({ quiet: true }) === 0);
await Promise.all([worker(), worker()]);

async function worker() {
  for (let name = queue.shift(); name; name = queue.shift()) {
    const [, commands] = checks[name];
    await report(name, async (output) => {
      let passed = true;
      for (const command of commands) passed = (await run(command, output)) && passed;
      return passed;
    });
  }
}

/** Prints one line for the check, and what it had to say if it fails. */
async function report(name, check) {
  const output = [];
  const start = performance.now();
  const passed = await check(output);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(8)} ${seconds.padStart(5)} s`);
  if (passed) return;
  process.exitCode = 1;
  process.stdout.write(Buffer.concat(output));
}

function run([command, ...options], output) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, options, {
    cwd: root,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve(code === 0)),
  );
}
