import { type ChatRequest, createMessage, defineModel } from '@loci/core';
import { countMessage } from '@loci/core/turn';
import { createTestClock } from '@loci/testing';
import {
  type CacheBill,
  type CacheVendor,
  cachedModel,
  cacheRules,
  createPrefixCache,
  type PrefixCache,
} from '@loci/testing/cache';
import type { Contender } from './contender.js';
import { tells } from './facts.js';
import { asksForStep, extractiveModel, followedBy, partText, traceModel } from './stand-in.js';
import type { Trace, TraceCall } from './trace.js';
import { watchPrompts } from './watch-prompts.js';

/** What a contender came to on one trace. */
export interface Outcome {
  /** Of the conversation. */
  readonly turns: CacheBill;
  /** Of summarisers, whoever they were. */
  readonly summaries: CacheBill;
  /** In units of one uncached input token of the conversation's model. */
  readonly cost: number;
  /** Calls whose prompt did not begin with the whole prompt of the call before. */
  readonly rewrites: number;
  readonly largestPrompt: number;
  /** Facts that the last prompt tells. */
  readonly inPrompt: number;
  /** Facts that it does not tell, and a tool finds that the contender offers to the model. */
  readonly byTool: number;
  /** Both. */
  readonly retrievable: number;
  /** Of asking the tool for one fact, on average over those that need it; 0 where none does. In no other figure. */
  readonly recallCost: number;
}

/** Price of the cheaper summariser, as a part of the model's. */
export const discount = 0.2;

/** Plays a trace through a contender and one simulated cache, on a clock that moves as the trace says. */
export async function runTrace(trace: Trace, contender: Contender, vendor: CacheVendor): Promise<Outcome> {
  const clock = createTestClock();
  const { rates, lifetimeMs } = cacheRules[vendor];
  const cache = createPrefixCache({ vendor, clock });
  const turns = cachedModel(traceModel(trace), cache);
  const summaries = cachedModel(extractiveModel, cache);
  const cheapRates = Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, rate * discount]));
  const cheapModel = cachedModel(
    extractiveModel,
    createPrefixCache({ vendor, clock, rates: { ...rates, ...cheapRates } }),
  );
  const prompts = watchPrompts(cache.counter);
  const model = defineModel({
    ...turns,
    async *stream(request, options) {
      const asked = asksForStep(request) ? turns : summaries;
      if (asked === turns) prompts.see(request);
      yield* asked.stream(request, options);
    },
  });

  const instructions = createMessage({
    role: 'system',
    id: 'instructions',
    createdAt: 0,
    content: trace.instructions,
  });
  const stage = { model, cheapModel, instructions, tools: trace.tools, clock, rates, lifetimeMs };
  const chat = contender.open(stage);
  const say = (step: number, content: string) =>
    createMessage({ role: 'user', id: `user-${step}`, createdAt: clock.now(), content, ...followedBy(step) });
  let step = 0;
  for (const { pauseMs, user, steps } of trace.turns) {
    await clock.advance(pauseMs);
    let message = say(step, user);
    for (const { calls, takesMs } of steps) {
      await chat.send([message]);
      await clock.advance(takesMs);
      const results = calls.map(({ toolName, output }, index) => ({
        type: 'tool-result' as const,
        toolCallId: `call-${step}-${index}`,
        toolName,
        output,
        isError: false,
      }));
      step++;
      message = createMessage({
        role: 'tool',
        id: `results-${step}`,
        createdAt: clock.now(),
        content: results,
        ...followedBy(step),
      });
    }
  }
  await chat.send([say(step, 'What do you remember?')]);

  const last = prompts.last();
  const text = last.messages.flatMap(({ content }) => content.map(partText)).join('\n');
  const untold = trace.facts.filter((fact) => !tells(text, fact));
  const recallCosts: number[] = [];
  for (const fact of untold) {
    const recalled = await chat.recall?.(fact.subject);
    if (recalled && tells(recalled.output, fact)) recallCosts.push(costOfRecall(recalled, last, cache));
  }
  const inPrompt = trace.facts.length - untold.length;
  const bills = [summaries.bill(), cheapModel.bill()] as const;
  return {
    turns: turns.bill(),
    summaries: addBills(...bills),
    cost: turns.bill().cost + bills[0].cost + bills[1].cost,
    rewrites: prompts.rewrites(),
    largestPrompt: prompts.largest(),
    inPrompt,
    byTool: recallCosts.length,
    retrievable: inPrompt + recallCosts.length,
    recallCost: recallCosts.reduce((sum, cost) => sum + cost, 0) / Math.max(1, recallCosts.length),
  };
}

/** Of one more call: the model asks in place of answering, and is asked again with what the tool found. */
function costOfRecall({ toolName, input, output }: TraceCall, last: ChatRequest, cache: PrefixCache): number {
  const toolCallId = 'recall';
  const asking = createMessage({
    role: 'assistant',
    id: 'asking',
    createdAt: 0,
    content: [{ type: 'tool-call', toolCallId, toolName, input }],
  });
  const found = createMessage({
    role: 'tool',
    id: 'found',
    createdAt: 0,
    content: [{ type: 'tool-result', toolCallId, toolName, output, isError: false }],
  });
  const request = {
    ...last,
    messages: [...last.messages, asking, found],
    ...(last.cache && { cache: { ...last.cache, prefixEnds: [...last.cache.prefixEnds, found.id] } }),
  };
  return cache.call(request, countMessage(cache.counter, asking)).cost;
}

function addBills(a: CacheBill, b: CacheBill): CacheBill {
  return {
    calls: a.calls + b.calls,
    input: a.input + b.input,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    cost: a.cost + b.cost,
  };
}
