import { runCommandLine } from './command-line.js';
import { aborts } from './suites/aborts.js';
import { compaction } from './suites/compaction.js';
import { faults } from './suites/faults.js';
import { footprint } from './suites/footprint.js';
import { providers } from './suites/providers.js';
import { router } from './suites/router.js';
import { stores } from './suites/stores.js';
import { strategies } from './suites/strategies.js';
import { tokens } from './suites/tokens.js';
import { turnCost } from './suites/turn-cost.js';

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  [tokens, turnCost, stores, footprint, providers, aborts, faults, router, strategies, compaction],
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    terminal: process.stderr.isTTY === true,
  },
);
