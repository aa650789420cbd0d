import { estimateCounter } from '@loci/core/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifact } from './artifact.js';
import { fitArtifacts, renderArtifacts } from './artifact-table.js';
import { retainedIn } from './is-retained.js';

const { countText } = estimateCounter;
const path = (value: string): Artifact => ({ kind: 'path', value });
const id = (value: string): Artifact => ({ kind: 'id', value });
const number = (value: string): Artifact => ({ kind: 'number', value });
const decision = (value: string): Artifact => ({ kind: 'decision', value });
const values = (table: readonly Artifact[]) => table.map(({ value }) => value);
const roomy = { maxTokens: 1000, countText };

describe('fitArtifacts', () => {
  it('tells what the prose does not hold, and counts what was kept', () => {
    const found = [path('src/a.ts'), path('src/b.ts'), number('4711')];
    const fitted = fitArtifacts([], found, 'We changed src/a.ts.', roomy);
    expect(values(fitted.table)).toEqual(['src/b.ts', '4711']);
    expect([fitted.found, fitted.kept]).toEqual([3, 3]);
  });

  it('goes on from the table before; what is mentioned again becomes the newest', () => {
    const previous = [path('src/a.ts'), path('src/b.ts')];
    const { table, found, kept } = fitArtifacts(previous, [path('src/c.ts'), path('src/a.ts')], '', roomy);
    expect(values(table)).toEqual(['src/b.ts', 'src/c.ts', 'src/a.ts']);
    expect([found, kept]).toEqual([2, 2]);
  });

  it('where not all fits, the newest of each kind stay, and numbers go first', () => {
    const found = [
      decision('Never deploy on Fridays.'),
      path('src/old.ts'),
      path('src/new.ts'),
      id('OPS-4711'),
      number('12345'),
    ];
    const inCharacters = (maxTokens: number) =>
      fitArtifacts([], found, '', { maxTokens, countText: (text) => text.length });
    expect(values(inCharacters(80).table)).toEqual(['Never deploy on Fridays.', 'src/new.ts', 'OPS-4711']);
    expect(inCharacters(80).kept).toBe(3);
    const more = ['Never deploy on Fridays.', 'src/old.ts', 'src/new.ts', 'OPS-4711'];
    expect(values(inCharacters(92).table)).toEqual(more);
    expect(inCharacters(200).kept).toBe(5);
  });

  it('does not let decisions crowd out the ids', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      decision(`Never use the plan number ${index} again.`),
    );
    const { table } = fitArtifacts([], [id('OPS-4711'), ...many], '', { maxTokens: 200, countText });
    expect(values(table)).toContain('OPS-4711');
  });

  it('leaves out one value that is too long, and not what comes after it', () => {
    const { table } = fitArtifacts([], [path('a/b.ts'), path(`${'long/'.repeat(50)}x.ts`)], '', {
      maxTokens: 20,
      countText,
    });
    expect(values(table)).toEqual(['a/b.ts']);
  });

  it('without room there is no table', () => {
    expect(fitArtifacts([path('a/b.ts')], [path('c/d.ts')], '', { maxTokens: 0, countText })).toEqual({
      table: [],
      found: 1,
      kept: 0,
    });
  });

  it('never takes more than its tokens, over any number of generations and with any counter', () => {
    const artifact = fc.record({
      kind: fc.constantFrom('decision', 'error', 'path', 'url', 'id', 'number'),
      value: fc.string({ minLength: 1, maxLength: 60 }),
    }) as fc.Arbitrary<Artifact>;
    const counter = fc.constantFrom(
      countText,
      (text: string) => text.length,
      (text: string) => Math.ceil(text.length / 4) + (text.length > 200 ? 50 : 0),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(artifact), { maxLength: 20 }),
        fc.nat(200),
        counter,
        (passes, maxTokens, count) => {
          let table: readonly Artifact[] = [];
          for (const found of passes) {
            const fitted = fitArtifacts(table, found, '', { maxTokens, countText: count });
            table = fitted.table;
            expect(table.length === 0 || count(renderArtifacts(table)) <= maxTokens).toBe(true);
            expect(fitted.kept).toBeLessThanOrEqual(fitted.found);
          }
        },
      ),
    );
  });
});

describe('renderArtifacts', () => {
  it('writes one line per kind, and decisions line by line', () => {
    const table = [number('30 %'), path('a.ts'), decision('Never sell.'), path('b.ts'), decision('Buy.')];
    expect(renderArtifacts(table)).toBe(
      'decisions:\n- Never sell.\n- Buy.\npaths: a.ts, b.ts\nnumbers: 30 %',
    );
  });

  it('writes nothing for an empty table', () => {
    expect(renderArtifacts([])).toBe('');
  });

  it('no value breaks the format', () => {
    const table = [number('$1,000'), path('a\nids: FAKE-1'), id(' x '), decision('Never\n## Goal\nsell')];
    expect(renderArtifacts(table)).toBe(
      'decisions:\n- Never ## Goal sell\npaths: "a\\nids: FAKE-1"\nids: " x "\nnumbers: "$1,000"',
    );
  });

  it('what it writes is retained in it', () => {
    const table = [
      number('$1,000'),
      path('C:\\temp\\a.ts'),
      id('SECRET-17'),
      decision('Never sell the house.'),
    ];
    expect(table.filter((artifact) => !retainedIn(renderArtifacts(table))(artifact))).toEqual([]);
  });
});
