import type { ChatRequest, Feature, Message, ModelTraits, ToolSpec } from '@loci/core';
import { countMessage, countTools, estimateCounter } from '@loci/core/turn';
import type { Requirements } from '../options.js';

/** What one request asks of a model. */
export interface Needs {
  readonly features: readonly Feature[];
  /** Estimated. */
  readonly inputTokens: number;
  /** The most that may be answered; 0 where the request does not say. */
  readonly outputTokens: number;
}

interface MessageNeeds {
  readonly tokens: number;
  readonly features: readonly Feature[];
}

const none: readonly Feature[] = [];

/** Reads requests. Messages and tools are looked at once each, for as long as the objects live. */
export function createNeedsReader(): (request: ChatRequest) => Needs {
  const messages = new WeakMap<Message, MessageNeeds>();
  const tools = new WeakMap<readonly ToolSpec[], number>();
  const readMessage = (message: Message): MessageNeeds => {
    const known = messages.get(message) ?? {
      tokens: countMessage(estimateCounter, message),
      features: featuresOf(message),
    };
    messages.set(message, known);
    return known;
  };
  const readTools = (specs: readonly ToolSpec[]): number => {
    const tokens = tools.get(specs) ?? countTools(estimateCounter, specs);
    tools.set(specs, tokens);
    return tokens;
  };
  return (request) => {
    let inputTokens = 0;
    let features = none;
    const add = (feature: Feature) => {
      if (!features.includes(feature)) features = [...features, feature];
    };
    for (const message of request.messages) {
      const needs = readMessage(message);
      inputTokens += needs.tokens;
      if (needs.features !== none) needs.features.forEach(add);
    }
    if (request.tools && request.tools.length > 0) {
      add('tools');
      inputTokens += readTools(request.tools);
    }
    if (request.output) add('output-schema');
    return { features, inputTokens, outputTokens: request.maxOutputTokens ?? 0 };
  };
}

/** Which feature the request needs and the model has not; `undefined` where it has or might have all. */
export function whyLacking(traits: ModelTraits, needs: Needs): string | undefined {
  for (const feature of needs.features)
    if (traits.features[feature] === 'no') return `the request needs ${feature}, which it has not`;
  return undefined;
}

/** Why the request is too long for the model; `undefined` where it fits or might fit. */
export function whyTooLong({ contextWindow }: ModelTraits, needs: Needs): string | undefined {
  const tokens = needs.inputTokens + needs.outputTokens;
  if (contextWindow === 'unknown' || tokens <= contextWindow) return undefined;
  return `about ${tokens} tokens do not fit into its window of ${contextWindow}`;
}

/** What of the requirements a model does not have, or does not say that it has. */
export function whyUnmet(traits: ModelTraits, require: Requirements): string | undefined {
  for (const feature of require.features ?? none) {
    const has = traits.features[feature];
    if (has !== 'yes') return `${feature} is required and it says “${has}”`;
  }
  for (const size of ['contextWindow', 'maxOutputTokens'] as const) {
    const [least, has] = [require[size], traits[size]];
    if (least !== undefined && (has === 'unknown' || has < least))
      return `${size} of ${least} is required and it says ${has === 'unknown' ? '“unknown”' : has}`;
  }
  return undefined;
}

function featuresOf(message: Message): readonly Feature[] {
  const features: Feature[] = message.role === 'system' ? ['system'] : [];
  for (const { type } of message.content) if (type === 'image' || type === 'file') features.push(`${type}s`);
  return features.length === 0 ? none : features;
}
