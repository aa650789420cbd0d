// Every TypeScript example of a README or guide compiles, each as a file of its own, against the sources.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspaces.mjs';

/** The examples of a Markdown text: `{ line, code }`, the line being the first of the code. */
export function examplesOf(markdown) {
  const lines = markdown.split('\n');
  const examples = [];
  for (let start = 0; start < lines.length; start++) {
    if (!/^```ts\b/.test(lines[start])) continue;
    const end = lines.indexOf('```', start + 1);
    examples.push({ line: start + 2, code: lines.slice(start + 1, end).join('\n') });
    start = end;
  }
  return examples;
}

/** Lines `file:line message`; none when every example compiles. */
export function checkExamples(files, base = root) {
  // Inside the repository, so that packages are found; outside every workspace, so that nothing else picks it up.
  const folder = join(base, 'node_modules', '.cache', 'loci', 'examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const origins = new Map();
  for (const file of files) {
    for (const { line, code } of examplesOf(readFileSync(join(base, file), 'utf8'))) {
      const name = `${file.replaceAll(/[/.]/g, '-')}-${line}.ts`;
      origins.set(name, { file, line });
      writeFileSync(join(folder, name), `${code}\nexport {};\n`);
    }
  }
  const config = {
    extends: relative(folder, join(root, 'tsconfig.paths.json')),
    compilerOptions: {
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      noUnusedLocals: false,
      skipLibCheck: true,
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { stdout } = spawnSync(
    join(root, 'node_modules', '.bin', 'tsc'),
    ['-p', folder, '--pretty', 'false'],
    { encoding: 'utf8', cwd: folder },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, row, message] = /^([^()]+)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
      const origin = origins.get(name ?? '');
      return origin ? `${origin.file}:${origin.line + Number(row) - 1} ${message}` : line;
    });
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const files = globSync(['README.md', 'packages/*/README.md', 'apps/*/README.md', 'docs/guides/*.md'], {
    cwd: root,
  }).sort();
  const problems = checkExamples(files);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
