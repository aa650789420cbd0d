import type { TestRunner } from '@loci/testing/store';

export interface Outcome {
  readonly title: string;
  /** Absent where the case passed. */
  readonly error?: unknown;
}

/** What a kit registers, to be run one by one: title by the id before its colon. */
export function collectCases(register: (runner: TestRunner) => void) {
  const cases = new Map<string, { title: string; run: () => Promise<void> }>();
  register({
    describe: (_, body) => body(),
    it: (title, run) => cases.set(title.slice(0, title.indexOf(':')), { title, run }),
  });
  return {
    ids: [...cases.keys()],
    async run(id: string): Promise<Outcome> {
      const found = cases.get(id);
      if (!found) throw new Error(`no case ${id}`);
      return found.run().then(
        () => ({ title: found.title }),
        (error: unknown) => ({ title: found.title, error }),
      );
    },
    /** The ids of the cases that fail. */
    async failures(): Promise<string[]> {
      const outcomes = await Promise.all(
        [...cases.keys()].map(async (id) => ({ id, ...(await this.run(id)) })),
      );
      return outcomes.flatMap(({ id, error }) => (error === undefined ? [] : [id]));
    },
  };
}
