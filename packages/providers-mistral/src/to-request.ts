import type { ChatRequest, ModelTraits, Warning } from '@loci/core';
import { createWarnings, type LossReport, type Warnings } from '@loci/core/conversation';
import {
  checkNotEmpty,
  supported,
  toCacheKey,
  toDeclared,
  toMaximum,
  toTemperature,
  toVendorFields,
} from '@loci/core/provider';
import type { ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { compileForMistral } from './compile.js';
import type { MistralSettings } from './settings.js';
import { toWireMessages } from './to-messages.js';
import { toMistralTools, toResponseFormat, toToolChoice } from './to-tools.js';
import { alwaysReasons } from './traits.js';

export interface ToRequestOptions extends Pick<MistralSettings, 'provider' | 'cacheKey'> {
  readonly modelId: string;
  readonly traits: ModelTraits;
}

export interface MistralRequest {
  /** As the vendor's SDK takes it. */
  readonly body: ChatCompletionStreamRequest;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

type Body = ChatCompletionStreamRequest;

/** What `vendor` may set, by its name in the SDK, which drops every other name without a word. */
const vendorFields =
  /^(?:topP|stop|randomSeed|metadata|(?:presence|frequency)Penalty|prediction|parallelToolCalls|reasoningEffort|promptMode|guardrails|promptCacheKey|serviceTier|safePrompt|temperature|maxTokens|toolChoice|responseFormat)$/;

/**
 * The body of a call. It is always one that the vendor takes; what had to be changed or left out is in `warnings`.
 * Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor` settings that
 * the SDK does not know.
 */
export function toMistralRequest(request: ChatRequest, options: ToRequestOptions): MistralRequest {
  const { modelId, traits, provider = 'mistral' } = options;
  const warnings = createWarnings();
  const tools = toDeclared(request, traits, warnings);
  const compiled = compileForMistral(
    request.messages,
    { features: traits.features, origin: { provider, model: modelId } },
    tools.map((tool) => tool.name),
  );
  checkNotEmpty(compiled.messages);
  const maxTokens = toMaximum(request, warnings);
  const temperature = toTemperature(request, 1.5, warnings);
  // The vendor states no limit; a key as long as others take is safe.
  const promptCacheKey = options.cacheKey ? toCacheKey(request) : undefined;
  const toolChoice = toToolChoice(request.toolChoice, tools, compiled.wireNames, warnings);
  const body: Body = {
    model: modelId,
    messages: toWireMessages(compiled.messages, compiled.prefix),
    ...(tools.length > 0 && { tools: toMistralTools(tools, compiled.wireNames) }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...outputFields(request, traits, warnings),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...reasoningFields(request, modelId, traits, warnings),
    ...(promptCacheKey !== undefined && { promptCacheKey }),
    ...toVendorFields(request, provider, (field) => vendorFields.test(field)),
  };
  return {
    body,
    warnings: [...warnings.list(), ...compiled.warnings],
    report: compiled.report,
    toolNames: compiled.toolNames,
  };
}

function outputFields({ output }: ChatRequest, traits: ModelTraits, warnings: Warnings): Partial<Body> {
  const wanted = supported('output-schema', output, traits, warnings);
  if (!wanted) return {};
  const responseFormat = toResponseFormat(wanted);
  if (!responseFormat) warnings.add('output-schema', 'The output schema was left out: it is no object.');
  return responseFormat ? { responseFormat } : {};
}

/** The published efforts are `none` and `high`; the models that always reason have a mode of the prompt instead. */
function reasoningFields(
  { reasoning }: ChatRequest,
  modelId: string,
  traits: ModelTraits,
  warnings: Warnings,
): Partial<Body> {
  const effort = reasoning?.effort;
  // A model that does not reason already does what `none` asks for.
  if (effort === undefined || (effort === 'none' && traits.features.reasoning === 'no')) return {};
  if (supported('reasoning', effort, traits, warnings) === undefined) return {};
  if (alwaysReasons(modelId)) {
    if (effort !== 'high')
      warnings.add('reasoning', `The reasoning effort was left out: ${modelId} has no levels.`);
    return { promptMode: 'reasoning' };
  }
  if (effort !== 'none' && effort !== 'high')
    warnings.add('reasoning', 'The reasoning effort was raised to high: the vendor has none and high.');
  return { reasoningEffort: effort === 'none' ? 'none' : 'high' };
}
