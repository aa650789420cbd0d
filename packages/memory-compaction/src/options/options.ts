import type { ChatModel, Clock, TokenCounter } from '@loci/core';
import type { CompactionEvent } from '../events.js';

/** All of its conditions together; of a list of triggers, any one. */
export interface Trigger {
  /** Tokens of the whole prompt, instructions and tools included, with the counter's error on top; inclusive. */
  readonly tokens?: number;
  /** Part of what the window leaves for a prompt, from 0 to 1; inclusive. */
  readonly fraction?: number;
  /** Messages in the view, the turn's own included; inclusive. */
  readonly messages?: number;
  /** Milliseconds since the newest message of the thread; inclusive. */
  readonly idleMs?: number;
}

/** What one token costs, in any unit; only the proportions matter. */
export interface TokenRates {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

export type Preset = 'safe' | 'cheap' | 'max-recall';

export interface CompactionOptions {
  /** Whether turns compact by themselves. @default true */
  readonly enabled?: boolean;
  /**
   * Defaults for a purpose. `safe`: early, gently, with much of the recent kept. `cheap`: few and thorough passes, when
   * the vendor's cache is cold if it can wait. `max-recall`: as late and as little as possible.
   */
  readonly preset?: Preset;
  /** A trigger by tokens, beside `trigger`: see there. @default none */
  readonly tokenThreshold?: number;
  /** When to compact. A prompt that would not fit is compacted in any case. @default { fraction: 0.75 } where there is no `tokenThreshold` */
  readonly trigger?: Trigger | readonly Trigger[];
  /** The newest messages that stay as they are; rounded up to whole groups and, if possible, to a user's message. @default 10 */
  readonly preserveLastMessages?: number;
  /** Tokens of a summary, its table of exact values included. @default 2000 */
  readonly summaryMaxTokens?: number;
  /** A summary has at most this part of the tokens that it stands for. The smaller of the two limits holds. @default 0.3 */
  readonly compressionRatio?: number;
  /** Whether system messages of the thread stay, byte for byte; otherwise they are summarised as others are. Pinned ones stay in any case. @default true */
  readonly preserveSystemMessages?: boolean;
  /** Whether complete tool calls of the part that stays remain in sight; otherwise only the summary tells of them. @default true */
  readonly preserveToolCalls?: boolean;
  /**
   * Whether pictures stay: those of the part that stays, and the newest of users' covered messages while they fit into a
   * quarter of the threshold. Otherwise a pass puts their names in their place; the running turn keeps its own. @default false
   */
  readonly preserveImages?: boolean;
  /** Tags of the summaries. @default none */
  readonly tags?: readonly string[];
  /** Who summarises; `none`: no model, extractive digests only. @default the model of the turn */
  readonly summaryModel?: ChatModel | 'none';
  /** Added to what the summariser is told. @default nothing */
  readonly summaryInstructions?: string;
  /** Milliseconds that one call of the summariser may take. @default 60000 */
  readonly summaryTimeoutMs?: number;
  /**
   * Calls of the summariser in one pass, at most: one for each part of a range that does not fit into one, those that make
   * their notes one, and one reminder (none where this is 1). A longer range is covered in several passes, at most three
   * in a turn, so a turn asks at most three times as often; a single message or tool group that would need more calls is
   * told by an extractive digest. @default 12
   */
  readonly maxSummaryCalls?: number;
  /** Old tool results are replaced by a line in one go; `false`: never. */
  readonly clearToolResults?: ClearOptions | false;
  /** Whether the reasoning of completed turns is dropped before anything is summarised. @default true */
  readonly dropReasoning?: boolean;
  /** Whether the summariser reads tool results that were cleared earlier in full, or the line in their place. @default true */
  readonly readCleared?: boolean;
  /** What a pass leaves, as part of the threshold: the smaller, the longer until the next pass. @default 0.5 */
  readonly target?: number;
  /** A pass that gains less than this part of the threshold is not made, unless the prompt would not fit. @default 0.1 */
  readonly minGain?: number;
  /** From this part of the threshold on, a pass is made when the vendor's cache is cold anyway; 1: never early. @default 0.8 */
  readonly coldFraction?: number;
  /** How long a vendor keeps a prompt cached, in milliseconds. @default 300000 */
  readonly cacheTtlMs?: number;
  /** What tokens cost, for `plan()` and for how the summariser is asked. @default 1 in, 0.1 from the cache, 1.25 into it, 5 out */
  readonly rates?: (model: { readonly provider: string; readonly modelId: string }) => TokenRates | undefined;
  /** When the summariser is left alone after failures in a row. @default 3 failures, 300000 ms */
  readonly breaker?: { readonly failures?: number; readonly cooldownMs?: number };
  /** For `plan` and `compact` outside of a turn. @default an estimate with an error bar */
  readonly counter?: TokenCounter;
  readonly clock?: Clock;
  readonly randomId?: () => string;
  readonly onEvent?: (event: CompactionEvent) => void;
}

export interface ClearOptions {
  /** The newest results that stay. @default 4 */
  readonly keep?: number;
  /** Tools whose results are never cleared. @default none */
  readonly exempt?: readonly string[];
}
