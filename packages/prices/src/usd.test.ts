import { InvalidInputError } from '@loci/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUsd, parseUsd } from './index.js';

describe('dollars as text', () => {
  it('are the same money again, for any amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
        (money) => parseUsd(formatUsd(money)) === money,
      ),
    );
  });

  it.each([
    [0n, '0'],
    [1n, '0.000000000001'],
    [-1_500_000_000_000n, '-1.5'],
    [2_000_000_000_000n, '2'],
    [59_400_000_000n, '0.0594'],
  ])('%s picodollars are $%s', (money, text) => {
    expect(formatUsd(money)).toBe(text);
  });

  it('may end in zeros that say nothing', () => {
    expect(parseUsd('2.50000000000000')).toBe(2_500_000_000_000n);
  });

  it.each(['', '1e-6', '1.', '.5', '+1', ' 1', '1,5', '$1', '0.0000000000001', 'NaN'])(
    'refuses %j',
    (text) => {
      expect(() => parseUsd(text)).toThrow(expect.toSatisfy(InvalidInputError.isInstance));
    },
  );
});
