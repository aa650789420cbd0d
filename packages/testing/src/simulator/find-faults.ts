import type { SimulatedArrival } from './arrivals.js';
import type { SimulationReport } from './report.js';

/** What a model must not do, whatever its vendors do; in sentences, none where all is well. */
export function findFaults(
  { requests }: SimulationReport,
  arrivals: readonly SimulatedArrival[],
): readonly string[] {
  return requests.flatMap(({ number, startedAt, endedAt, ends, outcome, attempts }) => {
    const { abortMs, deadlineMs } = arrivals[number] ?? {};
    const limits = { abort: abortMs, deadline: deadlineMs };
    const faults: string[] = [];
    if (ends !== 1) faults.push(`ended ${ends} times`);
    for (const [limit, ms] of Object.entries(limits)) {
      const at = startedAt + (ms ?? Number.POSITIVE_INFINITY);
      const late = attempts.filter(
        (attempt) => attempt.startedAt > at || (attempt.startedAt === at && ms !== 0),
      );
      for (const attempt of late)
        faults.push(`asked ${attempt.vendor} at ${attempt.startedAt}, and its ${limit} was at ${at}`);
      if (endedAt > at + grace) faults.push(`ended at ${endedAt}, and its ${limit} was at ${at}`);
    }
    for (const { vendor, startedAt: began } of attempts.filter((attempt) => attempt.startedAt > endedAt))
      faults.push(`asked ${vendor} at ${began}, after its end at ${endedAt}`);
    for (const { vendor, endedAt: closed } of attempts.filter((attempt) => attempt.endedAt > endedAt + grace))
      faults.push(`left its call of ${vendor} open until ${closed}, after its end at ${endedAt}`);
    const answers = attempts.filter(({ result }) => result === 'success');
    if (outcome === 'success' && answers.length === 0) faults.push('was answered by no vendor');
    return faults.map((fault) => `Request ${number} ${fault}.`);
  });
}

/** Milliseconds that a model may take to close what it opened. */
const grace = 500;
