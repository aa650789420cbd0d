import { readFileSync } from 'node:fs';
import { createMemoryStore } from '@loci/core';
import { window } from '@loci/core/turn';
import { memoryConformance } from '@loci/testing/memory';
import { type ModelSubject, modelConformance } from '@loci/testing/model';
import { storeConformance, type TestRunner } from '@loci/testing/store';
import { threadConformance } from '@loci/testing/thread';
import { expect, it } from 'vitest';

const core = `${import.meta.dirname}/../../core/src`;

/** The sentences that a contract marks with INVARIANT. */
function invariantsOf(file: string): string[] {
  const text = readFileSync(`${core}/${file}`, 'utf8').replaceAll(/\n\s*\*(?!\/)\s?/g, ' ');
  return [...text.matchAll(/INVARIANT: ((?:[^.*]|\.(?=\w))*\.)/g)].map(([, sentence = '']) =>
    sentence.replaceAll(/\s+/g, ' '),
  );
}

function titles(): string[] {
  const all: string[] = [];
  const runner: TestRunner = { describe: (_, body) => body(), it: (title) => all.push(title) };
  const create = () => createMemoryStore();
  storeConformance(runner, { name: '', create });
  threadConformance(runner, { name: '', create });
  modelConformance(runner, { name: '', create: () => ({}) as ModelSubject });
  memoryConformance(runner, { name: '', create: () => window() });
  return all.map((title) => title.slice(title.indexOf(':') + 2));
}

it.each([
  ['store/store.ts', 5],
  ['store/scoped.ts', 1],
  ['model/model.ts', 6],
  ['memory/memory.ts', 2],
  ['thread/thread.ts', 2],
  ['turn/with-memory.ts', 1],
])('each INVARIANT of core’s %s is the title of a case', (file, count) => {
  const found = invariantsOf(file);
  expect(found).toHaveLength(count);
  const missing = found.filter(
    (sentence) => !titles().some((title) => title.endsWith(sentence) || sentence.endsWith(title)),
  );
  expect(missing).toEqual([]);
});
