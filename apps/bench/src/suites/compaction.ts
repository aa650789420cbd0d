import type { CacheVendor } from '@loci/testing/cache';
import { chatTrace } from '../compaction/chat-trace.js';
import { codingTrace } from '../compaction/coding-trace.js';
import type { Contender } from '../compaction/contender.js';
import { everyTime } from '../compaction/every-time.js';
import { ours, oursCheap, oursDefaults } from '../compaction/ours.js';
import { researchTrace } from '../compaction/research-trace.js';
import { type Outcome, runTrace } from '../compaction/run-trace.js';
import type { Trace } from '../compaction/trace.js';
import { noCompaction, slidingWindow } from '../compaction/with-memories.js';
import { compactionPeers } from '../peers/compaction-peers.js';
import type { Check, Row, Suite } from '../suite.js';

const seed = 1;
const vendors: readonly CacheVendor[] = ['anthropic', 'openai'];
const others: readonly Contender[] = [noCompaction, slidingWindow, everyTime];

export const compaction: Suite = {
  name: 'compaction',
  measures: 'what long conversations cost through simulated prompt caches, and what is left of their facts',
  async run({ peers, progress }) {
    const theirs = peers ? await compactionPeers(progress) : { contenders: [], rows: [] };
    const rows: Row[] = [...theirs.rows];
    const checks: Check[] = [];
    for (const trace of [chatTrace(seed), codingTrace(seed), researchTrace(seed)]) {
      for (const vendor of vendors) {
        const outcomes = new Map<Contender, Outcome>();
        for (const contender of [...ours, ...others, ...theirs.contenders]) {
          progress(`${trace.name}, ${vendor}: ${contender.name}`);
          const outcome = await runTrace(trace, contender, vendor);
          outcomes.set(contender, outcome);
          rows.push(toRow(trace, vendor, contender, outcome));
        }
        checks.push(...toChecks(`compaction/${trace.name}/${vendor}`, trace, outcomes));
      }
    }
    return { rows, checks };
  },
};

/** That none of ours loses a fact, and that the one that is compared is cheaper than all that lose none, peers aside. */
function toChecks(id: string, { facts }: Trace, outcomes: ReadonlyMap<Contender, Outcome>): Check[] {
  const lost = (contender: Contender) => facts.length - (outcomes.get(contender)?.retrievable ?? Number.NaN);
  const cost = (contender: Contender) => outcomes.get(contender)?.cost ?? Number.NaN;
  const rivals = [oursDefaults, ...others].filter((contender) => lost(contender) === 0);
  return [
    { id: `${id}/lost`, value: Math.max(...ours.map(lost)), limit: 0, unit: 'facts by any of ours' },
    {
      id: `${id}/cost`,
      value: cost(oursCheap) / Math.min(...rivals.map(cost)),
      limit: 1,
      unit: 'of the cheapest other one that keeps every fact',
    },
  ];
}

function toRow({ name, facts }: Trace, vendor: CacheVendor, contender: Contender, outcome: Outcome): Row {
  const { turns, summaries } = outcome;
  const input = turns.input + summaries.input;
  return {
    table: `${name}, billed by the rules of \`${vendor}\`; ${facts.length} facts`,
    contender: contender.name,
    calls: turns.calls,
    summaries: summaries.calls,
    input,
    'read from the cache': (turns.cacheRead + summaries.cacheRead) / input,
    cost: Math.round(outcome.cost),
    rewrites: outcome.rewrites,
    'largest prompt': outcome.largestPrompt,
    retrievable: outcome.retrievable,
    'in the prompt': outcome.inPrompt,
    'by a tool': outcome.byTool,
    'cost of one recall': Math.round(outcome.recallCost),
  };
}
