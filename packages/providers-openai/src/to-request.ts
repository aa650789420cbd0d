import type { ChatRequest, ModelTraits } from '@loci/core';
import { compileConversation, createWarnings, type Warnings } from '@loci/core/conversation';
import { checkNotEmpty, supported, toDeclared, toMaximum, toVendorFields } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import { chatDialect } from './chat-dialect.js';
import { cacheFields, type ToRequestOptions, toSampling, type WireRequest } from './request-parts.js';
import { toWireMessages } from './to-messages.js';
import { toOpenAITools, toResponseFormat, toToolChoice } from './to-tools.js';
import { isReasoningModel } from './traits.js';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** What the provider itself decides: setting one of these through `vendor` would break what it promises. */
const ownFields = ['model', 'messages', 'stream', 'n'];

/**
 * The body of a call of Chat Completions. It is always one that the vendor takes; what had to be changed or left out is in
 * `warnings`. Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor`
 * settings that are no object.
 */
export function toOpenAIRequest(request: ChatRequest, options: ToRequestOptions): WireRequest<Body> {
  const { modelId, traits, streamUsage = true, maxTokensField = 'max_completion_tokens' } = options;
  const warnings = createWarnings();
  const tools = toDeclared(request, traits, warnings);
  const compiled = compileConversation(request.messages, chatDialect(traits.features), {
    tools: tools.map((tool) => tool.name),
  });
  checkNotEmpty(compiled.messages);
  const toolChoice = toToolChoice(request.toolChoice, tools, compiled.wireNames, warnings);
  const output = toOutput(request, traits, warnings);
  const maximum = toMaximum(request, warnings);
  const { effort, temperature } = toSampling(request, modelId, traits, warnings);
  const body: Body = {
    model: modelId,
    messages: toWireMessages(compiled.messages, isReasoningModel(modelId) ? 'developer' : 'system'),
    stream: true,
    ...(streamUsage && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: toOpenAITools(tools, compiled.wireNames) }),
    ...(toolChoice !== undefined && { tool_choice: toolChoice }),
    ...(output && { response_format: output }),
    ...(maximum !== undefined && { [maxTokensField]: maximum }),
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...(temperature !== undefined && { temperature }),
    ...cacheFields(request, options),
    ...toVendorFields(request, options.provider ?? 'openai', (field) => !ownFields.includes(field)),
  };
  return {
    body,
    warnings: [...warnings.list(), ...compiled.warnings],
    report: compiled.report,
    toolNames: compiled.toolNames,
  };
}

/** The schema of the output in the vendor's form; `undefined` with a warning where it cannot be sent. */
export function toOutput(
  { output }: ChatRequest,
  traits: ModelTraits,
  warnings: Warnings,
): OpenAI.ResponseFormatJSONSchema | undefined {
  const wanted = supported('output-schema', output, traits, warnings);
  const format = wanted && toResponseFormat(wanted);
  if (wanted && !format)
    warnings.add('output-schema', 'The output schema was left out: it is not a JSON Schema object.');
  return format;
}
