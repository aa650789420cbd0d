import type { PassAction } from '../apply/details.js';
import type { Measure } from './measure.js';

/** One thing that a pass could do, and what it would cost and gain. */
export interface Candidate {
  readonly action: Exclude<PassAction, 'digest'>;
  /** Whether old tool results, reasoning or pictures give way, too. */
  readonly clears: boolean;
  /** Messages that it would cover. */
  readonly covers: number;
  /** Messages of which it would replace parts. */
  readonly replaces: number;
  /** Tokens of the prompt afterwards. */
  readonly tokens: number;
  readonly gain: number;
  /** Tokens that the vendor has to read anew, because they stand behind the first change. */
  readonly rewriteDepth: number;
  /** Calls of the summariser, about. */
  readonly calls: number;
  /** What it costs now, in the unit of the rates. */
  readonly cost: number;
  /** Calls of the conversation after which it has paid for itself. */
  readonly breakEvenCalls: number;
  /** Tokens until the threshold is reached again. */
  readonly headroom: number;
  readonly chosen: boolean;
  /** Why it was chosen, or why not. */
  readonly why: string;
}

/** What a compaction would do now, and why. */
export interface CompactionPlan {
  readonly tokens: Measure;
  /** Tokens of the prompt from which on it compacts; infinite where nothing bounds it. */
  readonly threshold: number;
  /** Tokens that a pass aims at. */
  readonly target: number;
  /** Tokens that fit. */
  readonly limit: number;
  /** Why it would run now; undefined: it would not. */
  readonly trigger: string | undefined;
  /** Why nothing is done although something could be. */
  readonly held: 'pending' | 'undone' | undefined;
  readonly cache: { readonly state: 'warm' | 'cold' | 'unknown'; readonly idleMs: number | undefined };
  readonly candidates: readonly Candidate[];
}
