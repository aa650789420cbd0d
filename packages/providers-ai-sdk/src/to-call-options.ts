import type {
  LanguageModelV4CallOptions,
  LanguageModelV4ToolChoice,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { ChatRequest, ModelTraits, ToolSpec, Warning } from '@loci/core';
import {
  type CompiledConversation,
  compileConversation,
  createWarnings,
  type LossReport,
  type Warnings,
} from '@loci/core/conversation';
import { checkNotEmpty, supported, toChoice, toDeclared, toVendorFields } from '@loci/core/provider';
import { toSdkObject } from './json.js';
import { promptDialect } from './prompt-dialect.js';
import { type ToPromptOptions, toPrompt } from './to-ai-sdk-prompt.js';
import { toAiSdkTools } from './to-ai-sdk-tools.js';

export interface ToCallOptions extends Omit<ToPromptOptions, 'features' | 'prefixEnds'> {
  /** Name in `request.vendor`. */
  readonly provider: string;
  /** Name under which the model reads its provider options. */
  readonly optionsName: string;
  readonly traits: ModelTraits;
}

export interface WireCall {
  readonly call: LanguageModelV4CallOptions;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

/**
 * The options of a call of an AI SDK model, without its signal. What had to be changed or left out is in `warnings`.
 * Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor` settings that
 * are no object.
 */
export function toAiSdkCallOptions(request: ChatRequest, options: ToCallOptions): WireCall {
  const { traits } = options;
  const { output, maxOutputTokens, temperature, cache } = request;
  const warnings = createWarnings();
  const tools = toDeclared(request, traits, warnings);
  const promptOptions = { ...options, features: traits.features, prefixEnds: cache?.prefixEnds ?? [] };
  const compiled = compileConversation(request.messages, promptDialect(promptOptions), {
    tools: tools.map((tool) => tool.name),
  });
  checkNotEmpty(compiled.messages.filter(({ role }) => role !== 'system'));
  const format = supported('output-schema', output, traits, warnings);
  const schema = toSdkObject(format?.schema);
  if (format && !schema)
    warnings.add('output-schema', 'The output schema was left out: it is not a JSON Schema object.');
  const reasoning = supported('reasoning', request.reasoning, traits, warnings);
  const providerOptions = vendorOptions(request, options);
  return {
    call: {
      prompt: toPrompt(request.messages, compiled, promptOptions),
      ...toToolFields(request, tools, compiled, warnings),
      ...(format && schema && { responseFormat: { type: 'json', schema, name: format.name } }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      ...(temperature !== undefined && { temperature }),
      ...(reasoning && { reasoning: reasoning.effort }),
      ...(providerOptions && { providerOptions }),
    },
    warnings: [...warnings.list(), ...compiled.warnings],
    report: compiled.report,
    toolNames: compiled.toolNames,
  };
}

/** Some vendors want the tools of the history declared: those that the request no longer offers are, and may not be called. */
function toToolFields(
  { toolChoice }: ChatRequest,
  tools: readonly ToolSpec[],
  { messages, wireNames }: CompiledConversation,
  warnings: Warnings,
): Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'> {
  const choice = toChoice(toolChoice, tools, warnings);
  if (tools.length > 0)
    return {
      tools: toAiSdkTools(tools, wireNames, warnings),
      ...(choice && { toolChoice: toToolChoice(choice, wireNames) }),
    };
  const called = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'tool-call' ? [part.toolName] : [])),
  );
  if (called.length === 0) return {};
  const declared = [...new Set(called)].map((name) => ({
    type: 'function' as const,
    name,
    description: 'No longer available.',
    inputSchema: { type: 'object' as const },
  }));
  return { tools: declared, toolChoice: { type: 'none' } };
}

function toToolChoice(
  choice: 'none' | 'required' | { readonly toolName: string },
  names: ReadonlyMap<string, string>,
): LanguageModelV4ToolChoice {
  if (typeof choice === 'string') return { type: choice };
  return { type: 'tool', toolName: names.get(choice.toolName) ?? choice.toolName };
}

function vendorOptions(
  request: ChatRequest,
  { provider, optionsName }: ToCallOptions,
): SharedV4ProviderOptions | undefined {
  const fields = toSdkObject(toVendorFields(request, provider, () => true));
  return fields && Object.keys(fields).length > 0 ? { [optionsName]: fields } : undefined;
}
