import { type ChatModel, type ChatRequest, type Clock, ModelError } from '@loci/core';
import type { SimulatedArrival } from './arrivals.js';
import type { SimulatedRequest } from './report.js';

/** Events of one answer; one more fails the run, since something goes round in circles. */
const mostEvents = 1000;

/** One request as its caller makes and sees it. Rejects with what is neither an answer nor a `ModelError`. */
export async function askAs(
  arrival: SimulatedArrival,
  model: ChatModel,
  request: ChatRequest,
  clock: Clock,
): Promise<Omit<SimulatedRequest, 'number' | 'attempts'>> {
  const { deadlineMs, abortMs, streamed = true, accepts } = arrival;
  const startedAt = clock.now();
  const controller = new AbortController();
  const stopTimer =
    abortMs === undefined ? () => {} : clock.after(abortMs, () => controller.abort('gave up'));
  const options = {
    ...(abortMs !== undefined && { signal: controller.signal }),
    ...(deadlineMs !== undefined && { deadlineAt: startedAt + deadlineMs }),
    ...(accepts && { accepts }),
  };
  let outcome: SimulatedRequest['outcome'] = 'success';
  let ends = 0;
  let answeredBy: string | undefined;
  let firstContentMs: number | undefined;
  try {
    if (streamed) {
      let events = 0;
      for await (const event of model.stream(request, options)) {
        if (++events > mostEvents) throw new Error(`An answer has more than ${mostEvents} events.`);
        if (event.type === 'finish') {
          answeredBy = event.response.model.modelId;
          ends++;
        } else if (event.type !== 'restart') firstContentMs ??= clock.now() - startedAt;
      }
    } else {
      answeredBy = (await model.generate(request, options)).model.modelId;
      ends++;
    }
  } catch (error) {
    if (!ModelError.isInstance(error)) throw error;
    outcome = error.kind;
    ends++;
  }
  stopTimer();
  return { startedAt, endedAt: clock.now(), outcome, ends, answeredBy, firstContentMs };
}
