import { defineModel } from '../model/define-model.js';
import type { ChatModel, ChatRequest, ModelTraits } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { type Connector, createCaller, type ProviderCall } from './begin-call.js';
import { type Answer, play } from './read-answer.js';

export interface ProviderDefinition<Client> extends Connector<Client> {
  readonly modelId: string;
  readonly traits: ModelTraits;
  /** Sends one request, without retries, and resolves once its answer can be read. */
  send(request: ChatRequest, call: ProviderCall<Client>): Promise<Answer>;
}

/**
 * A chat model over a vendor's client. Joins settings and environment, asks for the key, runs the clocks and the abort of
 * each call, maps errors, takes secrets out of them, and adds to a failure the usage that was stated. Does no I/O before
 * its first call.
 *
 * @example
 * checkSettings(modelId, settings);
 * return defineProvider({ vendor, modelId, settings, traits, open, send, mapError });
 */
export function defineProvider<Client>(definition: ProviderDefinition<Client>): ChatModel {
  const { vendor, modelId, traits, settings } = definition;
  const begin = createCaller(definition);
  return defineModel({
    provider: settings.provider ?? vendor.name,
    modelId,
    traits,
    stream(request, options) {
      const { guard, ready, explain } = begin(options);
      return play(async () => definition.send(request, await ready()), {
        onWait: guard.wait,
        onChunk: guard.event,
        failure: () => guard.failure,
        close: guard.close,
        explain(error, reader) {
          const failure = explain(error);
          const usage = reader?.usage;
          return usage && ModelError.isInstance(failure) ? failure.with({ usage }) : failure;
        },
      });
    },
  });
}
