/** What a kit needs of a test runner. The `describe` and `it` of vitest and of `node:test` fit as they are. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
  /** Accepted, so that a runner can be handed over whole, and not used: the cases assert on their own. */
  readonly expect?: unknown;
}

/** Gaps of a plugin: the id of a case, and why the plugin cannot pass it. */
export type DeclaredGaps = Readonly<Record<string, string>>;

/** One promise of a contract. */
export interface Case<Subject> {
  /** Stable: gaps are declared by it. */
  readonly id: string;
  /** The sentence that holds where the case passes; for an INVARIANT its own words. */
  readonly title: string;
  /** True where no gap may be declared. */
  readonly always?: boolean;
  readonly run: (subject: Subject) => Promise<void>;
}

export interface Suite<Subject> {
  /** Of the plugin. */
  readonly name: string;
  /** What it is to be, for example `store`. */
  readonly contract: string;
  /** Tries the factory itself. Where it fails, every other case says only that. */
  readonly factory: Case<void>;
  readonly cases: readonly Case<Subject>[];
  readonly skip: DeclaredGaps | undefined;
  /** Makes a fresh subject, hands it over, and closes it whatever happens. */
  readonly withSubject: (use: (subject: Subject) => Promise<void>) => Promise<void>;
}

/** Hands every case of a suite to the runner: the factory first, then the declared gaps, then the cases. */
export function runSuite<Subject>(runner: TestRunner, suite: Suite<Subject>): void {
  const { name, contract, factory, cases, skip = {}, withSubject } = suite;
  // Also where a runner filters by title, no case runs on a factory that was not tried.
  let tried: Promise<void> | undefined;
  const tryFactory = () => {
    tried ??= factory.run();
    return tried;
  };
  const run = async (one: Case<Subject>) => {
    await tryFactory().catch(() => {
      throw new Error(`Not run: the factory given for ${name} does not work. See the case “${factory.id}”.`);
    });
    await withSubject(one.run);
  };
  runner.describe(`${name} is a ${contract}`, () => {
    runner.it(`${factory.id}: ${factory.title}`, tryFactory);
    runner.it('gaps: every declared gap names a case that may have one, and says why', async () =>
      checkGaps(skip, cases),
    );
    for (const one of cases) {
      const reason = one.always ? undefined : skip[one.id];
      if (reason === undefined) runner.it(`${one.id}: ${one.title}`, () => run(one));
      else
        runner.it(`${one.id}: DECLARED GAP (${reason}): ${one.title}`, async () => {
          await tryFactory();
          await expectGap(one.id, () => withSubject(one.run));
        });
    }
  });
}

function checkGaps(skip: DeclaredGaps, cases: readonly Case<never>[]): void {
  for (const [id, reason] of Object.entries(skip)) {
    const found = cases.find((one) => one.id === id);
    if (!found) throw new Error(`No case has the id “${id}”. See the list of ids that the kit exports.`);
    if (found.always) throw new Error(`“${id}” is not a gap that a plugin may have.`);
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new Error(`Say why “${id}” is a gap: the reason is what a user reads.`);
  }
}

async function expectGap(id: string, attempt: () => Promise<void>): Promise<void> {
  const passed = await attempt().then(
    () => true,
    () => false,
  );
  if (passed) throw new Error(`“${id}” passes now. Take it out of \`skip\`.`);
}
