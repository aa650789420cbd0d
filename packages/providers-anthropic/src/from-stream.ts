import type { ChatEvent, JsonValue, Usage } from '@loci/core';
import { type AnswerReader, isObject, malformed, type ReadOptions, readAnswer } from '@loci/core/provider';
import { type AnswerContext, createAnswerBuilder } from './build-answer.js';
import { cutOff } from './ends.js';

export interface ReaderOptions extends AnswerContext {
  /** Told of the usage as far as it was stated, so that a call that fails is not free of charge. */
  readonly onUsage?: (usage: Usage) => void;
  /** More about the call for `response.notes`. */
  readonly notes?: { readonly [name: string]: JsonValue };
}

export interface FromStreamOptions extends ReaderOptions, Omit<ReadOptions, 'requestId'> {}

/**
 * The events of a streamed message. Only a stop reason ends it, which the vendor states behind the last block: whatever
 * else the stream does, `message_stop` included, it is `truncated`, and so is one that the vendor's client takes for complete.
 */
export function fromAnthropicStream(
  events: AsyncIterable<unknown>,
  options: FromStreamOptions,
): AsyncGenerator<ChatEvent, void, undefined> {
  return readAnswer(events, createMessageReader(options), options);
}

export function createMessageReader(options: ReaderOptions): AnswerReader {
  const { onUsage } = options;
  const builder = createAnswerBuilder(options);
  let stopReason: string | undefined;
  let stopDetails: unknown;
  let servedModel: string | undefined;
  const report = (usage: unknown) => {
    builder.count(usage);
    if (onUsage && builder.usage) onUsage(builder.usage);
  };
  return {
    take(event) {
      if (!isObject(event)) throw malformed('an event is not an object');
      switch (event['type']) {
        case 'content_block_delta':
          return builder.add(event['index'], event['delta']);
        case 'content_block_start':
          return builder.open(event['index'], event['content_block']);
        case 'message_start': {
          const message = event['message'];
          if (!isObject(message)) throw malformed('`message_start` has no message');
          if (typeof message['model'] === 'string') servedModel = message['model'];
          report(message['usage']);
          break;
        }
        case 'message_delta': {
          const delta = event['delta'];
          if (!isObject(delta)) throw malformed('`message_delta` has no delta');
          if (typeof delta['stop_reason'] === 'string') stopReason = delta['stop_reason'];
          stopDetails = delta['stop_details'] ?? stopDetails;
          report(event['usage']);
          break;
        }
        default:
          // `content_block_stop`, `message_stop`, pings, and kinds that the vendor may add.
          break;
      }
      return [];
    },
    get isComplete() {
      return stopReason !== undefined;
    },
    get usage() {
      return builder.usage;
    },
    finish() {
      if (stopReason === undefined) throw cutOff();
      const notes = { ...options.notes, ...(servedModel !== undefined && { servedModel }) };
      return builder.finish({ stopReason, stopDetails, notes });
    },
  };
}
