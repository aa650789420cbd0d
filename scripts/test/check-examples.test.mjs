import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkExamples, examplesOf } from '../check-examples.mjs';

const markdown = [
  '# A',
  '',
  '```ts',
  'const one: number = 1;',
  '```',
  '```sh',
  'not this',
  '```',
  '```ts',
  '',
  'const two: number = "2";',
  '```',
  '',
].join('\n');

it('finds the TypeScript examples and where they begin', () => {
  expect(examplesOf(markdown)).toEqual([
    { line: 4, code: 'const one: number = 1;' },
    { line: 10, code: '\nconst two: number = "2";' },
  ]);
});

it('names the line of an example that does not compile', () => {
  const base = mkdtempSync(join(tmpdir(), 'loci-examples-'));
  mkdirSync(join(base, 'packages', 'a'), { recursive: true });
  writeFileSync(join(base, 'packages', 'a', 'README.md'), markdown);
  expect(checkExamples(['packages/a/README.md'], base)).toEqual([
    expect.stringMatching(/^packages\/a\/README\.md:11 error TS2322/),
  ]);
}, 30_000);
