import {
  type ChatRequest,
  type ChatResponse,
  createMessage,
  type Message,
  ModelError,
  type Usage,
} from '@loci/core';
import { textTokens } from '../plan/subject.js';
import { checkSummary } from './check-summary.js';
import { prefixTask, reminder, summariserRole, summaryTask } from './prompts.js';
import type { SummaryJob } from './summarise.js';
import { SummaryRefusedError } from './summary-refused-error.js';

/** The calls of one pass: counted, timed, and their answers checked. One reminder per pass, where there is a call left for it. */
export class Session {
  readonly usages: (Usage | null)[] = [];
  calls = 0;
  readonly #job: SummaryJob;
  #reminders: number;

  constructor(job: SummaryJob) {
    this.#job = job;
    this.#reminders = job.settings.maxSummaryCalls > 1 ? 1 : 0;
  }

  /** Asks for a summary of what `text` quotes; `known` is what it may repeat: the summary so far, or notes. */
  ask(text: string, updates: boolean, known: string): Promise<string> {
    const task = summaryTask(this.#task(updates));
    return this.#checked(text, known, (more) => ({
      messages: [
        createMessage({ role: 'system', content: summariserRole }),
        createMessage({
          role: 'user',
          content: [
            { type: 'text', text, trust: 'quoted' },
            { type: 'text', text: `\n\n${task}${more}` },
          ],
        }),
      ],
    }));
  }

  /** Asks for a summary behind the conversation itself; `text` is what it is checked against. */
  askBehind(prefix: ChatRequest, text: string, updates: boolean, known: string): Promise<string> {
    const task = prefixTask(this.#task(updates));
    return this.#checked(text, known, (more) => ({
      ...prefix,
      messages: [...prefix.messages, createMessage({ role: 'user', content: `${task}${more}` })],
    }));
  }

  #task(updates: boolean) {
    const { settings, maxTokens } = this.#job;
    // A word is more than a token, and nobody counts exactly.
    return {
      maxWords: Math.max(20, Math.floor(maxTokens * 0.6)),
      extra: settings.summaryInstructions,
      updates,
    };
  }

  async #checked(input: string, previous: string, request: (more: string) => ChatRequest): Promise<string> {
    const { subject, maxTokens } = this.#job;
    let more = '';
    for (;;) {
      const response = await this.#call({ ...request(more), maxOutputTokens: outputTokens(maxTokens) });
      const checked = checkSummary(response, {
        input,
        previous,
        instructions: [summariserRole, ...subject.instructions.map(textOf)],
        maxTokens,
        countText: (text) => textTokens(text, subject.count),
      });
      if (checked.ok) return checked.prose;
      if (this.#reminders-- <= 0) throw new SummaryRefusedError(checked.reason);
      more = `\n\n${reminder(checked.reason)}`;
    }
  }

  async #call(request: ChatRequest): Promise<ChatResponse> {
    const { model, settings, subject } = this.#job;
    const { clock, summaryTimeoutMs } = settings;
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (error: unknown) => {
      controller.abort(error);
      reject(error);
    };
    // A model that ignores its signal must not hold up the turn.
    const cancel = clock.after(summaryTimeoutMs, () =>
      stop(
        new ModelError(`The summariser did not answer within ${summaryTimeoutMs} ms.`, {
          kind: 'timeout',
          scope: 'model',
          retry: 'other',
        }),
      ),
    );
    const onAbort = () => stop(subject.signal?.reason);
    subject.signal?.addEventListener('abort', onAbort, { once: true });
    this.calls++;
    try {
      subject.signal?.throwIfAborted();
      const answer = model.generate(request, {
        signal: controller.signal,
        scope: { thread: subject.thread.key },
      });
      const response = await Promise.race([answer, promise]);
      this.usages.push(response.usage);
      return response;
    } finally {
      cancel();
      subject.signal?.removeEventListener('abort', onAbort);
    }
  }
}

/** What an answer of so many tokens may take: models that think count their thoughts as output. */
export function outputTokens(maxTokens: number): number {
  return maxTokens * 2 + 1000;
}

function textOf({ content }: Message): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}
