import { messageText } from '@loci/core';
import { costOf, formatUsd, listedPrices, parseUsd } from '@loci/prices';
import { type Asked, type Cell, deadlineMs, limits } from './cell.js';
import { pass } from './fast-clock.js';
import { tokensBeforeFault, type VendorFault, wholeAnswer } from './vendor.js';

/** One fault of the primary and what must come of it. Throws where it does not. */
export interface FaultRow {
  readonly fault: string;
  readonly outcome: string;
  check(cell: Cell): Promise<void>;
}

const forEver = { times: Number.POSITIVE_INFINITY };
/** What real sockets may add, in the time of the fast clock. */
const slackMs = 8000;

function must(holds: boolean, what: string, asked?: Asked): void {
  if (holds) return;
  const seen = asked && {
    text: asked.text.length,
    error: asked.error?.message,
    ms: asked.ms,
    route: asked.route,
  };
  throw new Error(`${what}${seen ? `; seen: ${JSON.stringify(seen)}` : ''}`);
}

function mustAnswer(asked: Asked, by: 'primary' | 'fallback'): void {
  must(asked.response !== undefined, `there is no answer, which ${by} should give`, asked);
  must(asked.text === wholeAnswer, 'the answer is not the whole answer', asked);
  must(asked.route?.answeredBy === by, `not ${by} is named as the one that answered`, asked);
}

/** `error` with what had come, and nothing but what had come. */
function mustBreakOff(asked: Asked, kind: string): void {
  const came = `${wholeAnswer.split(' ').slice(0, tokensBeforeFault).join(' ')} `;
  must(asked.response === undefined, 'a broken answer was a success', asked);
  must(asked.error?.kind === kind, `the error is not ${kind}`, asked);
  must(
    messageText(asked.error?.partial ?? { content: [] }) === came,
    'the partial is not what had come',
    asked,
  );
  must(asked.text === came, 'the reader was given something else than what had come', asked);
}

function mustNotAsk(vendor: Cell['fallback'], atMost = 0): void {
  const { length } = vendor.server.requests;
  must(length <= atMost, `a vendor was asked ${length} times, at most ${atMost} are due`);
}

/** An answer that breaks off: an error for a reader of the stream, the fallback's answer for everybody else. */
function breaksOff(fault: VendorFault, kinds: string, afterMs: number) {
  return async (cell: Cell) => {
    cell.primary.server.setFault(fault);
    const asked = await cell.ask(cell.route());
    must(asked.ms >= afterMs, `it ended before ${afterMs} ms`, asked);
    if (!cell.streamed) return mustAnswer(asked, 'fallback');
    mustBreakOff(asked, kinds);
    mustNotAsk(cell.fallback);
    // The same by the other policy, for a reader who said that it can begin again.
    cell.primary.server.setFault(fault);
    const restarted = await cell.ask(cell.route({ afterContent: 'restart' }), { accepts: ['restart'] });
    mustAnswer(restarted, 'fallback');
  };
}

export const faultRows: readonly FaultRow[] = [
  {
    fault: '429 with Retry-After, once',
    outcome: 'waited out within the deadline, then the primary answers',
    async check(cell) {
      cell.primary.server.setFault('rate-limit');
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'primary');
      mustNotAsk(cell.fallback);
      must(asked.ms >= 2000 && asked.ms <= deadlineMs, 'it did not wait as long as it was asked to', asked);
    },
  },
  {
    fault: '429 for ever, no header',
    outcome: 'at most 4 attempts in 3 s and 6 in all; the fallback answers',
    async check(cell) {
      cell.primary.server.setFault('rate-limit-silent', forEver);
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'fallback');
      const attempts = asked.route?.attempts ?? [];
      must(
        attempts.filter(({ atMs }) => atMs <= 3000).length <= 4,
        'there are more than 4 attempts in 3 s',
        asked,
      );
      must(attempts.length <= 6, 'there are more than 6 attempts', asked);
    },
  },
  {
    fault: '500 once',
    outcome: 'one jittered retry on the primary answers',
    async check(cell) {
      cell.primary.server.setFault('server-error');
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'primary');
      mustNotAsk(cell.primary, 2);
      mustNotAsk(cell.fallback);
      must(
        cell.events.some(({ type }) => type === 'retry'),
        'no event says that it was tried again',
      );
    },
  },
  {
    fault: '503 for ever',
    outcome: 'the fallback answers',
    async check(cell) {
      cell.primary.server.setFault('unavailable', forEver);
      mustAnswer(await cell.ask(cell.route()), 'fallback');
      mustNotAsk(cell.primary, 2);
    },
  },
  {
    fault: 'connection reset before headers',
    outcome: 'one retry, then the fallback answers',
    async check(cell) {
      cell.primary.server.setFault('reset-before-headers', forEver);
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'fallback');
      must(cell.primary.server.requests.length === 2, 'there is not exactly one retry', asked);
    },
  },
  {
    fault: 'no answer at all',
    outcome: 'one attempt, the fallback answers after the first-content clock',
    async check(cell) {
      cell.primary.server.setFault('silent', forEver);
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'fallback');
      mustNotAsk(cell.primary, 1);
      mustTake(asked, limits.firstContentMs);
    },
  },
  {
    fault: 'headers at once, first token after 20 s',
    outcome: 'the fallback answers after the first-content clock',
    async check(cell) {
      cell.primary.server.setFault('slow-first-token', forEver);
      const stop = cell.clock.after(20_000, cell.primary.server.release);
      const asked = await cell.ask(cell.route());
      stop();
      mustAnswer(asked, 'fallback');
      mustNotAsk(cell.primary, 1);
      mustTake(asked, limits.firstContentMs);
    },
  },
  {
    fault: `cut at ${tokensBeforeFault} of 60 tokens`,
    outcome:
      'never a success: `error` with the partial, or the whole answer of the fallback by the chosen policy',
    check: breaksOff('cut', 'truncated', 0),
  },
  {
    fault: 'stall in mid-stream',
    outcome: 'the same, after the idle clock',
    check: breaksOff('stall', 'timeout', limits.idleMs),
  },
  {
    fault: 'malformed chunk',
    outcome: 'the whole answer, or a typed error; never silently shortened',
    check: breaksOff('malformed-chunk', 'malformed', 0),
  },
  {
    fault: 'no end marker, finish reason seen',
    outcome: 'success, with usage where it is reported',
    async check(cell) {
      cell.primary.server.loseEndMarker();
      const asked = await cell.ask(cell.route());
      mustAnswer(asked, 'primary');
      must(asked.response?.usage != null, 'the usage is lost', asked);
      mustNotAsk(cell.primary, 1);
    },
  },
  {
    fault: 'context length exceeded',
    outcome: 'no second try; a model with a larger window answers',
    async check(cell) {
      const { clock, primary, fallback } = cell;
      primary.server.setFault('context-length', forEver);
      const smaller = fallback.connect({ clock, traits: { contextWindow: 50_000 } });
      const router = cell.route({
        models: [
          { id: 'primary', model: primary.connect({ clock, traits: { contextWindow: 100_000 } }) },
          { id: 'smaller', model: smaller },
          { id: 'fallback', model: fallback.connect({ clock, traits: { contextWindow: 1_000_000 } }) },
        ],
      });
      const asked = await cell.ask(router);
      mustAnswer(asked, 'fallback');
      mustNotAsk(primary, 1);
      mustNotAsk(fallback, 1);
    },
  },
  {
    fault: 'content filter',
    outcome: 'a clean error with the reason; failover only when opted in',
    async check(cell) {
      cell.primary.server.setFault('content-policy', forEver);
      const asked = await cell.ask(cell.route());
      must(asked.error?.kind === 'content-filter', 'the error is not content-filter', asked);
      must(asked.error?.message !== '', 'the error says no reason', asked);
      mustNotAsk(cell.primary, 1);
      mustNotAsk(cell.fallback);
      mustAnswer(await cell.ask(cell.route({ failover: { contentFilter: true } })), 'fallback');
    },
  },
  {
    fault: 'cut, and the fallback refuses prefill',
    outcome: 'as for cut; the first error is what is reported',
    async check(cell) {
      const { clock, primary, fallback } = cell;
      primary.server.setFault('cut');
      fallback.server.setFault('content-policy');
      const willing = fallback.connect({ clock, traits: { features: { prefill: 'yes' } } });
      const router = cell.route({
        models: [
          { id: 'primary', model: primary.connect({ clock }) },
          { id: 'fallback', model: willing },
        ],
        afterContent: 'continue',
      });
      const asked = await cell.ask(router);
      must(asked.response === undefined, 'a broken answer was a success', asked);
      must(asked.error?.kind === 'truncated', 'not the first error is reported', asked);
      must(fallback.server.requests.length === 1, 'the fallback was not asked to go on', asked);
      if (cell.streamed) mustBreakOff(asked, 'truncated');
    },
  },
  {
    fault: 'down for 60 s under traffic, then back',
    outcome: 'every request is answered; one probe per interval; back on the primary within 15 s',
    check: downAndBack,
  },
  {
    fault: 'any of these, accounting',
    outcome: "the model that answered is named; every attempt's usage and cost belongs to who spent it",
    check: accounts,
  },
];

/** About this long, and no longer than sockets need. */
function mustTake(asked: Asked, ms: number): void {
  must(asked.ms >= ms && asked.ms <= ms + slackMs, `it did not take about ${ms} ms`, asked);
}

async function downAndBack(cell: Cell): Promise<void> {
  const { clock, primary, events } = cell;
  const router = cell.route();
  mustAnswer(await cell.ask(router), 'primary');
  primary.server.setFault('unavailable', forEver);
  const before = primary.server.requests.length;
  const downSince = clock.now();
  while (clock.now() < downSince + 60_000) {
    mustAnswer(await cell.ask(router), 'fallback');
    await pass(clock, 500);
  }
  const openedAt = events.find((event) => event.type === 'health-changed' && event.to === 'open')?.at;
  must(openedAt !== undefined, 'no circuit breaker opened');
  const since = events.filter(({ type, at }) => type === 'attempt-started' && at > (openedAt ?? 0));
  const probes = since.filter((event) => 'id' in event && event.id === 'primary');
  must(probes.length >= 3 && probes.length <= 7, `the primary was probed ${probes.length} times in a minute`);
  const asked = primary.server.requests.length - before;
  must(asked <= 20, `the primary was asked ${asked} times while it was down`);

  primary.server.clearFaults();
  const backSince = clock.now();
  for (;;) {
    const answer = await cell.ask(router);
    must(answer.response !== undefined, 'a request was not answered', answer);
    if (answer.route?.answeredBy === 'primary') break;
    must(clock.now() <= backSince + 15_000, 'the primary is not back after 15 s', answer);
    await pass(clock, 500);
  }
}

async function accounts(cell: Cell): Promise<void> {
  const router = cell.route();
  const { server } = cell.primary;
  const asked: Asked[] = [await cell.ask(router)];
  server.setFault('server-error');
  asked.push(await cell.ask(router));
  server.setFault('unavailable', { times: 2 });
  asked.push(await cell.ask(router));
  server.setFault('cut');
  asked.push(await cell.ask(router));

  for (const one of asked) {
    const { response, route } = one;
    if (!response || !route?.answeredBy) continue;
    const by = route.attempts.findLast(({ result }) => result === 'success');
    must(by?.id === route.answeredBy, 'the attempt that answered is not of the model that is named', one);
    const cost = costOf(
      response.usage,
      listedPrices.priceOf(response.model.provider, response.model.modelId),
    );
    must(cost !== null && by?.cost === formatUsd(cost.total), 'the cost is not that of who answered', one);
  }
  const attempts = asked.flatMap(({ route }) => route?.attempts ?? []);
  for (const statistics of router.statistics.snapshot().models) {
    const own = attempts.filter(({ id }) => id === statistics.id);
    must(statistics.attempts === own.length, `${statistics.id}: the attempts do not add up`);
    const successes = own.filter(({ result }) => result === 'success');
    must(statistics.successes === successes.length, `${statistics.id}: the successes do not add up`);
    const failed = Object.values(statistics.failures).reduce((sum, count) => sum + count, 0);
    must(failed === own.length - successes.length, `${statistics.id}: the failures do not add up`);
    const cost = own.reduce((sum, attempt) => sum + parseUsd(attempt.cost ?? '0'), 0n);
    must(statistics.cost === cost, `${statistics.id}: the costs do not add up`);
    const output = own.reduce((sum, attempt) => sum + (attempt.usage?.['output'] ?? 0), 0);
    must(statistics.usage.output === output, `${statistics.id}: the tokens do not add up`);
  }
}
