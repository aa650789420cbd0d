// npm installs a registry copy, without a word, where a range does not match the package beside it. So internal ranges
// are `^x.y.z` and match; other dependencies are exact, and the same everywhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from './workspaces.mjs';

const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const exact = /^\d+\.\d+\.\d+(-[\w.-]+)?$/;

/** Sentences that begin with the file; none when every range is right. */
export function checkRanges(base = root) {
  const all = workspaces(base);
  const versions = new Map(all.map(({ name, manifest }) => [name, manifest.version]));
  const manifest = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8'));
  const seen = new Map();
  const problems = [];
  for (const { dir, ...workspace } of [{ dir: '.', manifest }, ...all]) {
    for (const field of fields) {
      for (const [name, range] of Object.entries(workspace.manifest[field] ?? {})) {
        const where = `${join(dir, 'package.json')}: ${field} has ${name}@${range},`;
        if (name.startsWith('@loci/')) {
          if (!matches(range, versions.get(name)))
            problems.push(`${where} here is ${versions.get(name) ?? 'none'}.`);
        } else if (field !== 'peerDependencies') {
          if (!exact.test(range)) problems.push(`${where} which is not one exact version.`);
          const first = seen.get(name) ?? seen.set(name, { range, dir }).get(name);
          if (first.range !== range) problems.push(`${where} but ${first.dir} has ${first.range}.`);
        }
      }
    }
  }
  return problems;
}

/** Whether `^x.y.z` admits `version`: the same up to the first number that is not zero, and not below. */
export function matches(range, version) {
  if (!range.startsWith('^') || !exact.test(range.slice(1)) || version === undefined) return false;
  if (range.slice(1) === version) return true;
  const wanted = range.slice(1).split('.').map(Number);
  const found = version.split('.').map(Number);
  if ([...wanted, ...found].some(Number.isNaN)) return false;
  const fixed = wanted.findIndex((part) => part > 0);
  const differs = wanted.findIndex((part, index) => part !== found[index]);
  return fixed !== -1 && differs > fixed && found[differs] > wanted[differs];
}

if (import.meta.main) {
  const problems = checkRanges();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
