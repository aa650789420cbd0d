import type { ChatEvent, ChatResponse, Usage } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { withRequestId } from './failures.js';
import { isConnectionLoss } from './map-failure.js';

/** Puts one answer together from the events of a vendor. Everything in it is synchronous: that keeps a long stream cheap. */
export interface AnswerReader {
  /** Takes the vendor's next event and answers its deltas. Throws `malformed` for what the vendor never sends. */
  take(event: unknown): readonly ChatEvent[];
  /** The vendor's end marker was seen: a connection lost and a time-out after that cost nothing. */
  readonly isComplete: boolean;
  /** The response. Called once, after the last event. Throws `truncated` where the end marker is missing. */
  finish(): ChatResponse;
  /** As far as it was stated, so that a call that fails is not free of charge. @default none */
  readonly usage?: Usage | null;
}

/** An answer to read: a stream, or one that came whole. */
export type Answer =
  | { readonly events: AsyncIterable<unknown>; readonly reader: AnswerReader }
  | { readonly deltas: readonly ChatEvent[]; readonly response: ChatResponse };

export interface ReadOptions {
  /** Told of each event once it was read; `hasContent` where it carried text, reasoning or a tool call. */
  readonly onChunk?: (hasContent: boolean) => void;
  /** Why the call was ended from outside, once it was: the client's stream may then end without a word. */
  readonly failure?: () => ModelError | undefined;
  /** For errors that do not name their request. */
  readonly requestId?: string | undefined;
}

/** The events of a vendor's stream as core's. Throws `ModelError` `truncated` where it ends before its end marker. */
export function readAnswer(
  events: AsyncIterable<unknown>,
  reader: AnswerReader,
  { requestId, ...options }: ReadOptions = {},
): AsyncGenerator<ChatEvent, void, undefined> {
  return play(() => ({ events, reader }), {
    ...options,
    explain: (error) => (ModelError.isInstance(error) ? withRequestId(error, requestId) : error),
  });
}

/** What a call does around the reading of its answer. */
export interface PlayOptions extends Pick<ReadOptions, 'onChunk' | 'failure'> {
  /** Told when the next event begins to be waited for. */
  readonly onWait?: () => void;
  /** What is thrown for an error. */
  readonly explain: (error: unknown, reader: AnswerReader | undefined) => unknown;
  readonly close?: () => void;
}

/** One generator for the whole life of a call: each further one would cost every event as much as reading it does. */
export async function* play(
  start: () => Answer | Promise<Answer>,
  { onChunk, onWait, failure, explain, close }: PlayOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  let reader: AnswerReader | undefined;
  try {
    const answer = await start();
    if ('response' in answer) {
      yield* answer.deltas;
      yield { type: 'finish', response: answer.response };
      return;
    }
    reader = answer.reader;
    try {
      onWait?.();
      // Read to its end also behind the end marker: a stream that is left early costs its connection.
      for await (const event of answer.events) {
        const deltas = reader.take(event);
        onChunk?.(deltas.length > 0);
        for (const delta of deltas) yield delta;
        onWait?.();
      }
    } catch (error) {
      if (!reader.isComplete || !(failure?.() || isConnectionLoss(error))) throw error;
    }
    const failed = failure?.();
    if (failed && !(reader.isComplete && failed.kind === 'timeout')) throw failed;
    yield { type: 'finish', response: reader.finish() };
  } catch (error) {
    throw explain(error, reader);
  } finally {
    close?.();
  }
}
