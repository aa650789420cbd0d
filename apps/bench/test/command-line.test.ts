import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../src/command-line.js';
import type { Check, Suite, SuiteContext } from '../src/suite.js';

const holding: Check = { id: 'small/holds', value: 0.5, limit: 1, unit: 'ratio' };
const failing: Check = { id: 'small/fails', value: 1.5, limit: 1, unit: 'ratio' };

async function bench(args: readonly string[], checks: readonly Check[] = [holding]) {
  let [out, err] = ['', ''];
  const contexts: SuiteContext[] = [];
  const small: Suite = {
    name: 'small',
    measures: 'next to nothing',
    async run(context) {
      contexts.push(context);
      context.progress('measuring');
      return { rows: [{ table: 'things', thing: 'one', ms: 12.345, bytes: 1457 }], checks };
    },
  };
  const broken: Suite = {
    name: 'broken',
    measures: 'nothing',
    run: () => Promise.reject(new Error('no disk')),
  };
  const code = await runCommandLine(args, [small, broken], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    color: false,
    terminal: false,
  });
  return { code, out, err, contexts };
}

describe('the command line', () => {
  it('prints one object with --json, and progress elsewhere', async () => {
    const { code, out, err } = await bench(['small', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      suite: 'small',
      machine: {
        node: process.versions.node,
        processor: expect.any(String),
        cores: expect.any(Number),
        system: expect.any(String),
      },
      rows: [{ table: 'things', thing: 'one', ms: 12.345, bytes: 1457 }],
      checks: [{ ...holding, holds: true }],
    });
    expect(err).toBe('measuring\n');
  });

  it('prints tables without it', async () => {
    const { code, out } = await bench(['small']);
    expect(code).toBe(0);
    expect(out).toContain('things\n  thing  ms    bytes\n  one    12.3  1,457\n');
    expect(out).toContain('✓  small/holds  0.50 of at most 1 ratio');
    expect(out).not.toContain('\x1b');
  });

  it('ends with 1 where a check does not hold, was not measured, or the suite fails', async () => {
    const failed = await bench(['small'], [holding, failing]);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('✗  small/fails  1.50 of at most 1 ratio');
    const unmeasured = await bench(['small', '--json'], [{ ...failing, value: Number.NaN }]);
    expect(unmeasured.code).toBe(1);
    expect(JSON.parse(unmeasured.out).checks[0]).toMatchObject({ value: null, holds: false });
    const broken = await bench(['broken']);
    expect(broken).toMatchObject({ code: 1, out: '' });
    expect(broken.err).toContain('no disk');
  });

  it.each([
    [[], 'Name a suite.'],
    [['big'], 'There is no suite called big.'],
    [['small', 'broken'], 'Name one suite only.'],
    [['small', '--loud'], '--loud'],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, out, err } = await bench(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('npm run bench -- --help');
  });

  it('lists the suites with --help', async () => {
    const { code, out } = await bench(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('small      next to nothing');
  });

  it('hands on what a suite may want to know', async () => {
    const { contexts } = await bench(['small', '--peers', '--data', 'text.txt']);
    expect(contexts[0]).toMatchObject({ peers: true, data: 'text.txt' });
  });
});
