import type { CacheVendor } from '@loci/testing/cache';
import { chatTrace } from '../compaction/chat-trace.js';
import { codingTrace } from '../compaction/coding-trace.js';
import type { Contender } from '../compaction/contender.js';
import { everyTime } from '../compaction/every-time.js';
import { ours, oursCheap } from '../compaction/ours.js';
import { researchTrace } from '../compaction/research-trace.js';
import { type Outcome, runTrace } from '../compaction/run-trace.js';
import { noCompaction, slidingWindow } from '../compaction/with-memories.js';
import { compactionPeers } from '../peers/compaction-peers.js';
import type { Check, Row, Suite } from '../suite.js';

const seed = 1;
const vendors: readonly CacheVendor[] = ['anthropic', 'openai'];
const contenders: readonly Contender[] = [...ours, noCompaction, slidingWindow, everyTime];

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
        for (const contender of [...contenders, ...theirs.contenders]) {
          progress(`${trace.name}, ${vendor}: ${contender.name}`);
          const outcome = await runTrace(trace, contender, vendor);
          outcomes.set(contender, outcome);
          rows.push(toRow(trace.name, vendor, contender, outcome, trace.facts.length));
        }
        checks.push(toCheck(`compaction/${trace.name}/${vendor}`, outcomes, trace.facts.length));
      }
    }
    return { rows, checks };
  },
};

/** Ours against the cheapest other one that keeps every fact; no number where ours loses one. */
function toCheck(id: string, outcomes: ReadonlyMap<Contender, Outcome>, facts: number): Check {
  const own = outcomes.get(oursCheap);
  const others = [...outcomes].flatMap(([{ ours: isOurs }, { retrievable, cost }]) =>
    !isOurs && retrievable === facts ? [cost] : [],
  );
  const value = own?.retrievable === facts ? own.cost / Math.min(...others) : Number.NaN;
  return { id, value, limit: 1, unit: 'of the cheapest other one that keeps every fact' };
}

function toRow(
  trace: string,
  vendor: CacheVendor,
  { name }: Contender,
  outcome: Outcome,
  facts: number,
): Row {
  const { turns, summaries } = outcome;
  const input = turns.input + summaries.input;
  return {
    table: `${trace}, billed by the rules of \`${vendor}\`; ${facts} facts`,
    contender: name,
    calls: turns.calls,
    summaries: summaries.calls,
    input,
    'read from the cache': (turns.cacheRead + summaries.cacheRead) / input,
    cost: Math.round(outcome.cost),
    rewrites: outcome.rewrites,
    'largest prompt': outcome.largestPrompt,
    retrievable: outcome.retrievable,
    'in the prompt': outcome.inPrompt,
  };
}
