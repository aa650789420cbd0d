import { expect, it } from 'vitest';
import { findProblems, toPage, toRows } from '../rows.mjs';

const names = { A1: 'one', A2: 'two' };
const a = 'packages/a/src/x.test.ts';
const b = 'packages/b/src/y.test.ts';
const tests = toRows([
  { name: 'things [A1] [A2] do | this', file: a, passed: true },
  { name: '[A2] fails', file: b, passed: false },
  { name: '[G99] is no row', file: b, passed: true },
]);

it('finds the rows in the titles of tests', () => {
  expect(tests).toHaveLength(4);
  expect(tests[1]).toEqual({
    row: 'A2',
    title: 'things do | this',
    file: 'packages/a/src/x.test.ts',
    passed: true,
  });
});

it('refuses a claim without a passing test of the package itself, and rows that are none', () => {
  const claims = [
    { folder: 'a', row: 'A1' },
    { folder: 'b', row: 'A2' },
    { folder: 'a', row: 'Z1' },
  ];
  expect(findProblems(names, claims, tests)).toEqual([
    'packages/b/src/y.test.ts: there is no row G99',
    'b claims A2 and has no passing test for it',
    'a claims Z1, which is no row',
  ]);
});

it('writes one line a row, with tests and stories', () => {
  const page = toPage(names, [{ folder: 'a', row: 'A1' }], tests, [
    { command: 'npm run demo -- x', rows: ['A2'] },
  ]);
  expect(page).toContain('| A1 | one | `a` | things do \\| this ([test](../packages/a/src/x.test.ts)) | – |');
  expect(page).toContain(
    '| A2 | two | – | things do \\| this ([test](../packages/a/src/x.test.ts)) | `npm run demo -- x` |',
  );
});
