// Adds what npm leaves out of package-lock.json: entries for the builds of optional packages that belong to other
// platforms (npm/cli#9846). `npm ci` refuses a lock without them. `--check` changes nothing and fails if any is missing
// or if the lock names a registry host.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const aliases = { windows: 'win32', 64: 'x64' };

/** The platform in a name such as `@rollup/rollup-linux-arm64-musl`; throws when it names none. */
export function platformOf(name) {
  const words = name.split(/[-/]/).map((word) => aliases[word] ?? word);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  if (cpu.length !== 1 || (os.length !== 1 && cpu[0] !== 'wasm32'))
    throw new Error(`No platform in ${name}.`);
  const libc = words.includes('musl')
    ? ['musl']
    : words.includes('gnu') && os[0] === 'linux'
      ? ['glibc']
      : undefined;
  return { cpu, ...(os.length > 0 && { os }), ...(libc && { libc }) };
}

/** The optional dependencies in a lock's `packages` that have no entry: `{ path, name, version, dev }`. */
export function missingEntries(packages) {
  return Object.entries(packages).flatMap(([owner, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !lookup(packages, owner, name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, name, version, dev: entry.dev })),
  );
}

/** Follows Node's resolution from `owner` upwards. */
function lookup(packages, owner, name) {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const found = packages[`${folder}${folder && '/'}node_modules/${name}`];
    if (found || folder === '') return found;
  }
}

export function completeLock(lock) {
  for (const { path, name, version, dev } of missingEntries(lock.packages)) {
    if (!/^\d/.test(version))
      throw new Error(`${name}@${version} has no exact version; add its entry by hand.`);
    const { cpu, libc, os } = platformOf(name);
    // npm's own order of fields, so that a later `npm install` leaves the file alone.
    lock.packages[path] = {
      version,
      cpu,
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    };
  }
  const paths = Object.keys(lock.packages).sort((a, b) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(paths.map((path) => [path, lock.packages[path]])) };
}

if (import.meta.main) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const hosts = Object.entries(lock.packages).filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''));
  for (const [path] of hosts) console.error(`package-lock.json: ${path} names a registry host; see .npmrc.`);
  if (process.argv.includes('--check')) {
    const missing = missingEntries(lock.packages);
    for (const { name } of missing)
      console.error(`package-lock.json: no entry for ${name}; run npm run lock.`);
    process.exitCode = missing.length + hosts.length > 0 ? 1 : 0;
  } else {
    writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  }
}
