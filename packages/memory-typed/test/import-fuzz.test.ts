import fc from 'fast-check';
import { expect, it } from 'vitest';
import { brokenImports, createTarget, tryImport } from './import-fuzz.js';

it('[A4] whatever is imported, it is refused with a typed error and nothing is changed, or it is whole', async () => {
  const target = await createTarget();
  const codes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(brokenImports(), async (data) => {
      const { outcome, code, problem } = await tryImport(target, data);
      expect(problem).toBeUndefined();
      codes.set(code ?? outcome, (codes.get(code ?? outcome) ?? 0) + 1);
    }),
    { numRuns: 800 },
  );
  // All kinds of refusal were met, and an import or two: otherwise this proves little.
  expect([...codes.keys()].sort()).toEqual(
    expect.arrayContaining(['DATA_TOO_LARGE', 'INVALID_DATA', 'INVALID_INPUT', 'imported']),
  );
});

it('[A4] an import of an older version whose step throws is refused, and nothing is changed', async () => {
  const target = await createTarget();
  const data = {
    format: 'loci-memory',
    version: 1,
    schema: { id: 'fuzz', version: 1 },
    createdAt: 1,
    updatedAt: 1,
  };
  expect(await tryImport(target, { ...data, value: { name: 7 } })).toEqual({
    outcome: 'refused',
    code: 'MIGRATION',
  });
  expect(await tryImport(target, { ...data, value: { name: ' Eve ' } })).toEqual({ outcome: 'imported' });
});
