import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspaces.mjs';

const cache = join(root, 'node_modules/.cache/loci');
/** One line, `N passed, N failed`, about the last run. */
export const resultFile = join(cache, 'test-result.txt');
/** `{ name, file, passed }` of each test of the last run whose title carries a row, such as `[A2]`. */
export const taggedFile = join(cache, 'tagged-tests.json');

/** Vitest reporter: lists skipped tests with their reasons, makes them an error in CI, and keeps the result. */
export default class TestReporter {
  onInit(vitest) {
    this.filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    // A file that does not load and an error outside a test have no test to count.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    this.keep(count('passed'), count('failed') + broken, skipped.length);
    this.keepTagged(tests);
    if (skipped.length === 0 || this.filtered) return;

    console.error(`\nSkipped (${process.env.CI ? 'an error in CI' : 'CI makes this an error'}):`);
    for (const test of skipped) {
      console.error(
        `  ${test.project.name} ${test.module.relativeModuleId} > ${test.fullName}: ${test.result().note ?? 'no reason given'}`,
      );
    }
    if (process.env.CI) process.exitCode = 1;
  }

  keepTagged(tests) {
    const tagged = tests
      .filter((test) => /\[[A-G]\d+\]/.test(test.fullName))
      .map((test) => ({
        name: test.fullName,
        file: relative(root, test.module.moduleId),
        passed: test.result().state === 'passed',
      }));
    writeFileSync(taggedFile, JSON.stringify(tagged));
  }

  keep(passed, failed, skipped) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(resultFile, `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  }
}
