import { LociError } from '../errors/loci-error.js';
import { createMessage } from '../message/create-message.js';
import type { Part } from '../message/message.js';
import { collectStream, truncated } from './collect-stream.js';
import type { CallOptions, ChatEvent, ChatModel, ChatRequest, ModelTraits } from './model.js';
import { ModelError } from './model-error.js';

export interface ModelDefinition {
  readonly provider: string;
  readonly modelId: string;
  readonly traits: ModelTraits;
  /** Yields deltas and one `finish`, or throws. Everything else that `ChatModel` promises is added around it. */
  stream(request: ChatRequest, options: CallOptions): AsyncIterable<ChatEvent>;
}

/**
 * A model from its stream alone. Adds `generate`, ends the stream at `finish`, turns an end without one into
 * `truncated`, hides `restart` from callers that do not accept it by failing the call, turns foreign errors into
 * `ModelError`, and puts what had been received on the error.
 *
 * @example
 * const parrot = defineModel({
 *   provider: 'example', modelId: 'parrot', traits,
 *   async *stream(request) {
 *     yield { type: 'finish', response: answer(request) };
 *   },
 * });
 */
export function defineModel(definition: ModelDefinition): ChatModel {
  const { provider, modelId, traits } = definition;
  async function* stream(
    request: ChatRequest,
    options: CallOptions = {},
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const received: { type: 'text' | 'reasoning'; text: string }[] = [];
    let content = false;
    try {
      if (options.signal?.aborted) throw aborted(options.signal);
      for await (const event of definition.stream(request, options)) {
        if (event.type === 'finish') {
          yield event;
          return;
        }
        if (event.type === 'restart') {
          if (!options.accepts?.includes('restart'))
            throw malformed('The model restarted for a caller that does not accept it.');
          received.length = 0;
        } else {
          content = true;
          if (event.type !== 'tool-call-delta') {
            const type = event.type === 'text-delta' ? 'text' : 'reasoning';
            received[event.partIndex] = { type, text: (received[event.partIndex]?.text ?? '') + event.text };
          }
        }
        yield event;
      }
      throw truncated();
    } catch (error) {
      // An error of Loci says what it is; anything else is the echo of an abort, or a fault of the implementation.
      if (LociError.isInstance(error) && !ModelError.isInstance(error)) throw error;
      const failure = ModelError.isInstance(error)
        ? error
        : options.signal?.aborted
          ? aborted(options.signal)
          : malformed('The model failed in an unexpected way; see `cause`.', error);
      if (!content || failure.partial) throw failure;
      // Index gaps are tool calls, which a partial answer must not hold.
      const parts = received
        .filter(Boolean)
        .map(
          (part): Part =>
            part.type === 'text'
              ? { type: 'text', text: part.text }
              : { type: 'reasoning', text: part.text, origin: { provider, model: modelId } },
        );
      throw failure.with({ partial: createMessage({ role: 'assistant', content: parts }) });
    }
  }
  return Object.freeze({
    specVersion: 1 as const,
    provider,
    modelId,
    traits,
    stream,
    generate: (request: ChatRequest, options?: CallOptions) => collectStream(stream(request, options)),
  });
}

function aborted(signal: AbortSignal): ModelError {
  return new ModelError(
    'The call was aborted by its caller.',
    { kind: 'aborted', scope: 'request', retry: 'none' },
    signal.reason,
  );
}

function malformed(message: string, cause?: unknown): ModelError {
  return new ModelError(message, { kind: 'malformed', scope: 'model', retry: 'other' }, cause);
}
