import type { ChatEvent, JsonValue, ModelError, Usage } from '@loci/core';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { malformed, truncated } from './failures.js';
import { isObject } from './is-object.js';

export interface FromStreamOptions extends AnswerContext {
  /** Told of each event of the vendor once it was read. */
  readonly onChunk?: (hasContent: boolean) => void;
  /** Told of the usage as far as it was stated, so that a call that fails is not free of charge. */
  readonly onUsage?: (usage: Usage) => void;
  /** Why the call was ended from outside, once it was: the client's stream then ends without a word. */
  readonly failure?: () => ModelError | undefined;
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

/**
 * The events of a streamed message. Only `message_stop` ends it, and only after a stop reason: whatever else the stream
 * does, it is `truncated`, and so is one that the vendor's client takes for complete.
 */
export async function* fromAnthropicStream(
  events: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { requestId, onChunk, onUsage, notes } = options;
  const builder = createAnswerBuilder(options);
  let stopReason: string | undefined;
  let stopDetails: unknown;
  let servedModel: string | undefined;
  let stopped = false;
  const report = (usage: unknown) => {
    builder.count(usage);
    if (onUsage && builder.usage) onUsage(builder.usage);
  };
  try {
    // Read to its end also behind `message_stop`: a stream that is left early costs its connection.
    for await (const event of events) {
      if (!isObject(event)) throw malformed('an event is not an object', requestId);
      let deltas: ChatEvent[] = [];
      switch (event['type']) {
        case 'message_start': {
          const message = event['message'];
          if (!isObject(message)) throw malformed('`message_start` has no message', requestId);
          if (typeof message['model'] === 'string') servedModel = message['model'];
          report(message['usage']);
          break;
        }
        case 'content_block_start':
          deltas = builder.open(event['index'], event['content_block']);
          break;
        case 'content_block_delta':
          deltas = builder.add(event['index'], event['delta']);
          break;
        case 'message_delta': {
          const delta = event['delta'];
          if (!isObject(delta)) throw malformed('`message_delta` has no delta', requestId);
          if (typeof delta['stop_reason'] === 'string') stopReason = delta['stop_reason'];
          stopDetails = delta['stop_details'] ?? stopDetails;
          report(event['usage']);
          break;
        }
        case 'message_stop':
          stopped = true;
          break;
        default:
          // `content_block_stop`, pings, and kinds that the vendor may add.
          break;
      }
      onChunk?.(deltas.length > 0);
      yield* deltas;
    }
  } catch (error) {
    if (!stopped) throw error;
  }
  const failure = options.failure?.();
  if (failure && !(stopped && failure.kind === 'timeout')) throw failure;
  if (!stopped || stopReason === undefined) throw truncated(requestId);
  const said = { ...notes, ...(servedModel !== undefined && { servedModel }) };
  yield { type: 'finish', response: builder.finish({ stopReason, stopDetails, notes: said }) };
}
