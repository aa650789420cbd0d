import {
  type ChatRequest,
  canonicalJson,
  createMessage,
  defineModel,
  hashText,
  type Message,
} from '@loci/core';
import { countMessage } from '@loci/core/turn';
import { createTestClock } from '@loci/testing';
import {
  type CacheBill,
  type CacheVendor,
  cachedModel,
  cacheRules,
  createPrefixCache,
} from '@loci/testing/cache';
import type { Contender } from './contender.js';
import { tells } from './facts.js';
import { asksForStep, extractiveModel, followedBy, partText, traceModel } from './stand-in.js';
import type { Trace } from './trace.js';

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
  /** The same, and those that a tool finds which the contender offers to the model. */
  readonly retrievable: number;
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
  const prompts = watchPrompts();
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
  let inPrompt = 0;
  let retrievable = 0;
  for (const fact of trace.facts) {
    const stands = tells(text, fact);
    if (stands) inPrompt++;
    if (stands || tells((await chat.recall?.(fact.subject)) ?? '', fact)) retrievable++;
  }
  const bills = [summaries.bill(), cheapModel.bill()] as const;
  return {
    turns: turns.bill(),
    summaries: addBills(...bills),
    cost: turns.bill().cost + bills[0].cost + bills[1].cost,
    rewrites: prompts.rewrites(),
    largestPrompt: prompts.largest(),
    inPrompt,
    retrievable,
  };

  function watchPrompts() {
    const digests = new WeakMap<Message, string>();
    const digestOf = (message: Message) => {
      const digest = digests.get(message) ?? hashText(canonicalJson([message.role, message.content]));
      digests.set(message, digest);
      return digest;
    };
    let before: readonly string[] = [];
    let rewrites = 0;
    let largest = 0;
    let last: ChatRequest = { messages: [] };
    return {
      see(request: ChatRequest) {
        const now = request.messages.map(digestOf);
        if (before.some((digest, index) => digest !== now[index])) rewrites++;
        before = now;
        last = request;
        const tokens = request.messages.reduce(
          (sum, { content }) => sum + countMessage(cache.counter, { content }),
          0,
        );
        largest = Math.max(largest, tokens);
      },
      rewrites: () => rewrites,
      largest: () => largest,
      last: () => last,
    };
  }
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
