import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatRequest, ModelTraits, ToolSpec, Warning } from '@loci/core';
import {
  type CompiledConversation,
  compileConversation,
  createWarnings,
  type LossReport,
  type Warnings,
} from '@loci/core/conversation';
import { checkNotEmpty, supported, toDeclared, toTemperature, toVendorFields } from '@loci/core/provider';
import { messagesDialect } from './messages-dialect.js';
import { knowledgeOf, type ModelKnowledge } from './models.js';
import type { AnthropicSettings } from './settings.js';
import { toWireMessages } from './to-messages.js';
import { toOutputSchema } from './to-schema.js';
import { toThinking } from './to-thinking.js';
import { toAnthropicTools, toToolChoice } from './to-tools.js';

export interface ToRequestOptions extends Pick<AnthropicSettings, 'provider' | 'maxTokens' | 'cacheTtl'> {
  readonly modelId: string;
  readonly traits: ModelTraits;
}

/** The published types have no temperature any more; the older models still take one. */
type Body = Anthropic.MessageCreateParamsStreaming & { temperature?: number };

export interface WireRequest {
  readonly body: Body;
  readonly warnings: readonly Warning[];
  /** What became of every part of the conversation. */
  readonly report: LossReport;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
}

const defaultMaxTokens = 32_000;

/** What the provider itself decides: setting one of these through `vendor` would break what it promises. */
const ownFields = ['model', 'messages', 'system', 'tools', 'stream'];

/**
 * The body of a call. It is always one that the vendor takes; what had to be changed or left out is in `warnings`.
 * Throws `ModelError` `invalid-request` where no message is left to send, `InvalidInputError` for `vendor` settings that
 * are no object.
 */
export function toAnthropicRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const { modelId, traits, provider = 'anthropic' } = options;
  const warnings = createWarnings();
  const model = knowledgeOf(modelId);
  const tools = toDeclared(request, traits, warnings);
  const reasoning = supported('reasoning', request.reasoning, traits, warnings);
  const compiled = compileConversation(
    request.messages,
    messagesDialect({
      origin: { provider, model: modelId },
      features: traits.features,
      // A model that thinks continues nothing.
      prefill: traits.features.prefill === 'yes' && (reasoning?.effort ?? 'none') === 'none',
    }),
    { tools: tools.map((tool) => tool.name) },
  );
  const { system, messages } = toWireMessages(compiled, {
    prefixEnds: request.cache?.prefixEnds ?? [],
    ...(options.cacheTtl && { cacheTtl: options.cacheTtl }),
  });
  checkNotEmpty(messages);
  const maxTokens = toMaxTokens(request, options, warnings);
  const toolChoice = toToolChoice(request.toolChoice, tools, compiled.wireNames, model.forcedTools, warnings);
  const conditions = {
    model,
    modelId,
    maxTokens,
    forced: toolChoice?.type === 'any' || toolChoice?.type === 'tool',
    loopWithoutThinking: isLoopWithoutThinking(messages),
  };
  const { thinking, effort } = toThinking(reasoning, conditions, warnings);
  const format = toFormat(request, traits, warnings);
  const temperature = toSampled(request, model, thinking, modelId, warnings);
  const body: Body = {
    model: modelId,
    max_tokens: maxTokens,
    messages,
    stream: true,
    ...(system.length > 0 && { system }),
    ...toToolFields(tools, toolChoice, compiled, warnings),
    ...(thinking && { thinking }),
    ...((effort ?? format) && { output_config: { ...(effort && { effort }), ...(format && { format }) } }),
    ...(temperature !== undefined && { temperature }),
    ...toVendorFields(request, provider, (field) => !ownFields.includes(field)),
  };
  return {
    body,
    warnings: [...warnings.list(), ...compiled.warnings],
    report: compiled.report,
    toolNames: compiled.toolNames,
  };
}

/** The vendor wants the tools of the history declared: those that the request no longer offers are, and may not be called. */
function toToolFields(
  tools: readonly ToolSpec[],
  toolChoice: Anthropic.ToolChoice | undefined,
  { messages, wireNames }: CompiledConversation,
  warnings: Warnings,
): Partial<Body> {
  if (tools.length > 0)
    return {
      tools: toAnthropicTools(tools, wireNames, warnings),
      ...(toolChoice && { tool_choice: toolChoice }),
    };
  const called = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'tool-call' ? [part.toolName] : [])),
  );
  if (called.length === 0) return {};
  const declared = [...new Set(called)].map((name) => ({
    name,
    description: 'No longer available.',
    input_schema: { type: 'object' as const },
  }));
  return { tools: declared, tool_choice: { type: 'none' } };
}

function toFormat(
  { output }: ChatRequest,
  traits: ModelTraits,
  warnings: Warnings,
): Anthropic.JSONOutputFormat | undefined {
  const wanted = supported('output-schema', output, traits, warnings);
  if (!wanted) return undefined;
  const schema = toOutputSchema(wanted.schema, warnings);
  if (!schema)
    warnings.add('output-schema', 'The output schema was left out: it is not a JSON Schema object.');
  return schema && { type: 'json_schema', schema };
}

function toMaxTokens(
  { maxOutputTokens: asked }: ChatRequest,
  { traits, maxTokens = defaultMaxTokens }: ToRequestOptions,
  warnings: Warnings,
): number {
  const most = traits.maxOutputTokens === 'unknown' ? Number.POSITIVE_INFINITY : traits.maxOutputTokens;
  const fits = asked !== undefined && Number.isInteger(asked) && asked > 0;
  const sent = Math.min(fits ? asked : maxTokens, most);
  if (asked !== undefined && sent !== asked)
    warnings.add(
      'max-output-tokens',
      `The maximum of output tokens was changed to ${sent}: it was ${asked}.`,
    );
  return sent;
}

function toSampled(
  request: ChatRequest,
  model: ModelKnowledge,
  thinking: Anthropic.ThinkingConfigParam | undefined,
  modelId: string,
  warnings: Warnings,
): number | undefined {
  const { temperature } = request;
  if (temperature === undefined) return undefined;
  const thinks = thinking !== undefined && thinking.type !== 'disabled';
  if (model.temperature && (!thinks || temperature === 1)) return toTemperature(request, 1, warnings);
  const reason = model.temperature ? 'refuses it while it reasons' : 'takes none';
  warnings.add('temperature', `The temperature was left out: ${modelId} ${reason}.`);
  return undefined;
}

/** The history ends in results whose calls no thinking came before: a budget of thinking is refused there. */
function isLoopWithoutThinking(messages: readonly Anthropic.MessageParam[]): boolean {
  const [asked, answered] = messages.slice(-2).map(({ content }) => content[0]);
  return (
    typeof answered === 'object' &&
    answered.type === 'tool_result' &&
    typeof asked === 'object' &&
    !asked.type.endsWith('thinking')
  );
}
