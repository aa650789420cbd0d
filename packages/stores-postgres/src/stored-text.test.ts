import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DamagedRow } from './parse-stored.js';
import { fromStoredText, toStoredText } from './stored-text.js';

const ids = fc.string({ unit: fc.constantFrom('\0', '\\', '0', 'n', 'é') });

it('every id comes back as it was, has no U+0000 in the database, and is told from every other', () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      expect(fromStoredText(toStoredText(one), 'id')).toBe(one);
      expect(toStoredText(one)).not.toContain('\0');
      expect(toStoredText(one) === toStoredText(other)).toBe(one === other);
      // A version is put together in the database.
      expect(toStoredText(one) + toStoredText(other)).toBe(toStoredText(one + other));
    }),
  );
});

it('what was never written is damaged', () => {
  for (const stored of ['\\', 'a\\n', '\\\\\\', 7, null])
    expect(() => fromStoredText(stored, 'id')).toThrow(DamagedRow);
});
