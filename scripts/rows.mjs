// Which test shows which feature: runs the tests whose titles carry a row (`[A2] …`) and writes docs/features.md.
// Fails where a package claims a row (`"loci": { "rows": ["A2"] }` in its package.json) without a passing test for it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { taggedFile } from './test-reporter.mjs';
import { root, workspaces } from './workspaces.mjs';

const tag = /\[([A-G]\d+)\]/g;

/** One `{ row, title, file, passed }` for each row in the title of a test, in the same order whatever ran first. */
export function toRows(tests) {
  const sorted = tests.toSorted((a, b) => (`${a.file} ${a.name}` < `${b.file} ${b.name}` ? -1 : 1));
  return sorted.flatMap(({ name, file, passed }) =>
    [...name.matchAll(tag)].map(([, row]) => ({
      row,
      title: name.replaceAll(tag, '').replaceAll(/\s+/g, ' ').trim(),
      file,
      passed,
    })),
  );
}

/** Sentences about what is missing or wrong; none when every claim is shown. */
export function findProblems(names, claims, tests) {
  const problems = tests
    .filter(({ row }) => !names[row])
    .map(({ row, file }) => `${file}: there is no row ${row}`);
  for (const { folder, row } of claims) {
    const own = tests.filter((test) => test.row === row && test.file.split('/')[1] === folder);
    if (!names[row]) problems.push(`${folder} claims ${row}, which is no row`);
    else if (!own.some((test) => test.passed))
      problems.push(`${folder} claims ${row} and has no passing test for it`);
  }
  return problems;
}

/** The page: one line a row, with its tests and the demo's story. */
export function toPage(names, claims, tests, stories) {
  const lines = Object.entries(names).map(([row, name]) => {
    const by = claims.filter((claim) => claim.row === row).map(({ folder }) => `\`${folder}\``);
    const shown = tests
      .filter((test) => test.row === row && test.passed)
      .map(({ title, file }) => `${title} ([test](../${file}))`);
    const story = stories.filter((item) => item.rows.includes(row)).map(({ command }) => `\`${command}\``);
    const cell = (items) => (items.length > 0 ? items.join('<br>').replaceAll('|', '\\|') : '–');
    return `| ${row} | ${name} | ${cell(by)} | ${cell(shown)} | ${cell(story)} |`;
  });
  return [
    '# Features',
    '',
    'Written by `npm run rows`: each feature, the packages that claim it, the tests that show it, and the story of the demo.',
    '',
    '| row | feature | claimed by | shown by | demo |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

if (import.meta.main) {
  // `--check` takes the results of the last `npm test`, so that CI runs nothing twice.
  const check = process.argv.includes('--check');
  if (!check) runTagged();
  if (!existsSync(taggedFile)) throw new Error('There are no results to look at. Run npm test first.');
  const names = JSON.parse(readFileSync(join(root, 'docs/rows.json'), 'utf8'));
  const all = workspaces();
  const claims = all.flatMap(({ folder, manifest }) =>
    (manifest.loci?.rows ?? []).map((row) => ({ folder, row })),
  );
  const stories = all.flatMap(({ manifest }) => manifest.loci?.stories ?? []);
  const tests = toRows(JSON.parse(readFileSync(taggedFile, 'utf8')));
  const problems = findProblems(names, claims, tests);
  const page = toPage(names, claims, tests, stories);
  const path = join(root, 'docs/features.md');
  if (!check) writeFileSync(path, page);
  else if (readFileSync(path, 'utf8') !== page)
    problems.push('docs/features.md is not what npm run rows writes');
  for (const problem of problems) console.error(problem);
  const shown = new Set(tests.filter(({ passed }) => passed).map(({ row }) => row));
  console.log(`${shown.size} of ${Object.keys(names).length} rows are shown by a passing test.`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function runTagged() {
  if (build({ quiet: true }) !== 0) process.exit(1);
  rmSync(taggedFile, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'run', '-t', tag.source], { cwd: root, stdio: ['ignore', 2, 2] });
}
