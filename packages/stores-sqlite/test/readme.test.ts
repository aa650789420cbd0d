import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the README shows the example that is compiled', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
  expect(read('README.md')).toContain(
    read('src/examples/first-steps.ts').replace('../index.js', '@loci/stores-sqlite'),
  );
});
