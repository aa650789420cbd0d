import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { said, transcripts } from '../../test/transcripts.js';
import type { Artifact } from './artifact.js';
import { extractArtifacts } from './extract-artifacts.js';
import { isRetained, retainedIn } from './is-retained.js';

const decision = (value: string): Artifact => ({ kind: 'decision', value });

it.each<[Artifact['kind'], string, string, boolean]>([
  ['id', 'SECRET-1', 'It is SECRET-1.', true],
  ['id', 'SECRET-1', 'It is SECRET-17.', false],
  ['id', 'SECRET-1', 'It is SECRET-1-A.', false],
  ['id', 'SECRET-17', 'secret-17', false],
  ['id', 'a@b.org', 'Mail to <a@b.org>', true],
  ['path', 'src/a.ts', 'see `src/a.ts`, please', true],
  ['path', 'src/a.ts', 'see src/a.ts:12', true],
  ['path', 'src/a.ts', 'see src/a.tsx', false],
  ['path', 'src/a.ts', 'see lib/src/a.ts', false],
  ['path', '/tmp/x/y', 'in /tmp/x/y.', true],
  ['url', 'https://a.org', 'at https://a.org/b', false],
  ['number', '1.5', 'about 1.5, or so', true],
  ['number', '1.5', 'about 1.5.2', false],
  ['number', '$1', 'costs $1,000', false],
  ['number', '30 %', '(30 %)', true],
  ['error', 'ECONNREFUSED', 'ein ECONNREFUSED-Fehler', true],
  ['error', 'HTTP 503', 'it was HTTP 503', true],
  ['error', 'HTTP 503', 'HTTP 5031', false],
])('%s %j in %j: %s', (kind, value, text, expected) => {
  expect(isRetained({ kind, value }, text)).toBe(expected);
});

describe('a decision', () => {
  const rule = decision('Never deploy the billing service on Fridays.');

  it('is retained where most of its words stand in one line', () => {
    expect(isRetained(rule, '- never deploy billing service Fridays')).toBe(true);
    expect(isRetained(rule, 'On Fridays one must never deploy billing.')).toBe(true);
  });

  it('is lost where only some of its words are left, or scattered', () => {
    expect(isRetained(rule, 'The billing service exists.')).toBe(false);
    expect(isRetained(rule, 'deploy: never\nbilling\nservice is up\non Fridays')).toBe(false);
  });

  it('is lost where its "never" is', () => {
    expect(isRetained(rule, 'Deploy the billing service on Fridays.')).toBe(false);
    expect(isRetained(rule, 'Deploy the billing service on Fridays, not on Mondays.')).toBe(true);
  });
});

describe('what was extracted from a text is retained in it', () => {
  const pieces = transcripts.flatMap(({ expected }) =>
    expected.map((one) => one.slice(one.indexOf(' ') + 1)),
  );
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(
      '/',
      '.',
      ',',
      ':',
      '-',
      '_',
      '@',
      '\\',
      ' ',
      '\n',
      '`',
      '(',
      ')',
      '%',
      '€',
      '#',
      'a',
      'é',
      '7',
      '\u2028',
    ),
    fc.stringMatching(/^[a-zA-Z0-9+/]{1,50}$/),
    fc.string({ unit: 'grapheme' }),
  );

  it.each([
    'C:\\work\\shophttps://example.com/a/ABC-123/file.pdf',
    '127.0.0.1:5432A0++/+a0TypeError//+0+0/02026-05-12C:\\work\\shop',
  ])('also where one value runs into another: %s', (text) => {
    const isIn = retainedIn(text);
    expect(extractArtifacts([said('user', text)]).filter((artifact) => !isIn(artifact))).toEqual([]);
  });

  it('whatever the text', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('', ' ', '\n'), (parts, joint) => {
        const text = parts.join(joint);
        const isIn = retainedIn(text);
        for (const artifact of extractArtifacts([said('user', text)]))
          expect([artifact, isIn(artifact)]).toEqual([artifact, true]);
      }),
      { numRuns: 2000 },
    );
  });
});

it('one text answers for many artifacts in linear time', () => {
  const text = Array.from({ length: 60_000 }, (_, index) => `packages/x${index}/index.ts`).join(' ');
  const isIn = retainedIn(text);
  const ask = (prefix: string) =>
    Array.from({ length: 20_000 }, (_, index) =>
      isIn({ kind: 'path', value: `packages/${prefix}${index}/index.ts` }),
    ).filter(Boolean).length;
  const started = performance.now();
  expect([ask('x'), ask('y')]).toEqual([20_000, 0]);
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
