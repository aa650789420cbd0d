import { describe, expect, it } from 'vitest';
import { checkRanges, matches } from '../check-ranges.mjs';
import { fixtureTree } from './fixture-tree.mjs';

function check(plugin, rootManifest = {}) {
  const core = { name: '@loci/core', version: '0.1.2' };
  return checkRanges(
    fixtureTree({
      'package.json': rootManifest,
      'packages/core/package.json': core,
      'packages/plugin/package.json': { name: '@loci/plugin', version: '0.0.0', ...plugin },
    }),
  );
}

describe('checkRanges', () => {
  it('accepts matching ranges and exact versions', () => {
    const plugin = {
      dependencies: { '@loci/core': '^0.1.0', openai: '7.55.0' },
      peerDependencies: { zod: '>=4' },
    };
    expect(check(plugin, { devDependencies: { openai: '7.55.0' } })).toEqual([]);
  });

  it('refuses an internal range that the package beside it does not match', () => {
    expect(check({ dependencies: { '@loci/core': '^0.2.0' } })).toEqual([
      'packages/plugin/package.json: dependencies has @loci/core@^0.2.0, here is 0.1.2.',
    ]);
    expect(check({ devDependencies: { '@loci/core': '*' } })).toHaveLength(1);
    expect(check({ peerDependencies: { '@loci/nowhere': '^1.0.0' } })).toHaveLength(1);
  });

  it('refuses a range of versions for anything else', () => {
    expect(check({ dependencies: { openai: '^7.55.0' } })).toHaveLength(1);
    expect(check({}, { devDependencies: { vitest: 'latest' } })).toHaveLength(1);
  });

  it('refuses two versions of one dependency', () => {
    expect(check({ devDependencies: { zod: '4.6.7' } }, { devDependencies: { zod: '4.6.6' } })).toEqual([
      'packages/plugin/package.json: devDependencies has zod@4.6.7, but . has 4.6.6.',
    ]);
  });
});

describe('matches', () => {
  it.each([
    ['^0.0.0', '0.0.0', true],
    ['^0.0.0', '0.0.1', false],
    ['^0.1.0', '0.1.9', true],
    ['^0.1.2', '0.1.1', false],
    ['^0.1.0', '0.2.0', false],
    ['^1.2.3', '1.10.0', true],
    ['^1.2.3', '2.0.0', false],
    ['1.2.3', '1.2.3', false],
    ['^1.0.0', '1.0.0-next.1', false],
  ])('says of %s and %s: %s', (range, version, answer) => {
    expect(matches(range, version)).toBe(answer);
  });
});
