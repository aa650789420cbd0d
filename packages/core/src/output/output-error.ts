import { hasCode, LociError } from '../errors/loci-error.js';
import { messageText } from '../message/create-message.js';
import type { ChatResponse, FinishReason, Usage } from '../model/model.js';
import { sumUsage } from '../model/sum-usage.js';

/** What is wrong at one place of an answer. */
export interface OutputIssue {
  /** Such as `items[0].price`; empty for the whole value. */
  readonly path: string;
  /** In the words of the schema. May repeat what the model wrote. */
  readonly message: string;
}

/** One round that gave no value. */
export interface OutputAttempt {
  readonly response: ChatResponse;
  /** Empty where the answer was not looked at, because it ended for another reason than being complete. */
  readonly issues: readonly OutputIssue[];
}

/** `mismatch`: complete answers that do not fit. Otherwise why the last answer is not complete. */
export type OutputFailure = 'mismatch' | Exclude<FinishReason, 'stop' | 'other'>;

const advice: Readonly<Record<OutputFailure, string>> = {
  mismatch: 'does not fit the schema. Look at `issues`; simplify the schema, or ask another model',
  length: 'was cut off at its maximum. `maxOutputTokens` is too small for this schema: raise it',
  'context-window':
    'was cut off at the end of the context window. Send less, or ask a model with a larger one',
  'content-filter': 'was refused or filtered. Asking again would be refused too: change the request',
  'tool-calls': 'is a call of tools. Run them and send their results, or leave the tools out',
  paused: 'was paused by the vendor. Send it back as it is to let it go on',
};

/** Thrown by `generateOutput` where no answer gave a value. Decide by `reason`. */
export class OutputError extends LociError {
  readonly reason: OutputFailure;
  /** Of the last answer. */
  readonly issues: readonly OutputIssue[];
  /** What the model wrote last. */
  readonly text: string;
  readonly attempts: readonly OutputAttempt[];
  /** Of all rounds together; `null` where the vendor did not say it for one of them. */
  readonly usage: Usage | null;

  constructor(reason: OutputFailure, attempts: readonly OutputAttempt[]) {
    super('OUTPUT', `The answer of round ${attempts.length} ${advice[reason]}.`);
    const last = attempts.at(-1);
    this.reason = reason;
    this.issues = last?.issues ?? [];
    this.text = last ? messageText(last.response.message) : '';
    this.attempts = attempts;
    this.usage = sumUsage(attempts.map(({ response }) => response.usage));
  }

  static override isInstance(error: unknown): error is OutputError {
    return hasCode(error, 'OUTPUT');
  }
}
