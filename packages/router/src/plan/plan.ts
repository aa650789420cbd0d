import { type ChatRequest, ModelError } from '@loci/core';
import type { Ranked, Strategy, StrategyContext } from '../strategies/strategy.js';
import type { Member } from './member.js';
import { createNeedsReader, type Needs, whyLacking, whyTooLong } from './needs.js';

/** Who is to be asked for one request, in which order. It does not change; what happens on the way is the call's own. */
export interface Plan {
  readonly order: readonly Member[];
  /** What the strategy said, of those it left out too; empty for the order of the list. */
  readonly ranking: readonly Ranked[];
  readonly excluded: readonly { readonly id: string; readonly reason: string }[];
  readonly needs: Needs;
  /** A model was left out only because the request is too long for it. */
  readonly tooLong: boolean;
}

export interface PlannerOptions {
  readonly members: readonly Member[];
  readonly unmet: Plan['excluded'];
  readonly strategy: Strategy | undefined;
  readonly random: () => number;
  /** Who probably holds the conversation in its prompt cache. */
  readonly warm: (request: ChatRequest) => string | undefined;
}

/**
 * Makes plans. Models that lack what the request needs are left out; the strategy orders those that are available;
 * those that are down come next, in the order of the list, in case they come back; then the fallbacks.
 */
export function createPlanner({ members, unmet, strategy, random, warm }: PlannerOptions) {
  const readNeeds = createNeedsReader();
  return (request: ChatRequest, now: number, sequence: number): Plan => {
    const needs = readNeeds(request);
    let excluded = unmet;
    let fit = members;
    let tooLong = false;
    for (const { id, traits } of members) {
      const lacking = whyLacking(traits, needs);
      const reason = lacking ?? whyTooLong(traits, needs);
      if (reason === undefined) continue;
      tooLong ||= lacking === undefined;
      excluded = [...excluded, { id, reason }];
      fit = fit.filter((member) => member.id !== id);
    }
    if (!strategy) return { order: fit, ranking: [], excluded, needs, tooLong };

    const available = fit.filter(
      (member) => !member.fallback && member.availableAt(now, needs.inputTokens) <= now,
    );
    const context: StrategyContext = {
      request,
      inputTokens: needs.inputTokens,
      outputTokens: needs.outputTokens,
      now,
      sequence,
      warm: warm(request),
      random,
    };
    const ranking = available.length === 0 ? [] : strategy.rank(available, context);
    const asked = ranking.filter(({ leftOut }) => !leftOut);
    const order = asked.flatMap(({ id }) => available.find((member) => member.id === id) ?? []);
    for (const member of available)
      if (!order.includes(member)) {
        const why = ranking.find(({ id }) => id === member.id)?.why ?? 'it gave no reason';
        excluded = [...excluded, { id: member.id, reason: `left out by ${strategy.name}: ${why}` }];
      }
    const rest = fit.filter((member) => !available.includes(member));
    return { order: [...order, ...rest], ranking, excluded, needs, tooLong };
  };
}

/** The failure of a request that no model can answer. */
export function nobodyFits({ excluded, tooLong }: Plan): ModelError {
  const reasons = excluded.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  return new ModelError(`No model of the router can answer this request. ${reasons}.`, {
    kind: tooLong ? 'context-length' : 'invalid-request',
    scope: 'request',
    retry: tooLong ? 'other' : 'none',
  });
}
