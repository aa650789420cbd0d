import type { ChatRequest, Origin } from '@loci/core';
import { compileConversation, createWarnings, type Warnings } from '@loci/core/conversation';
import { checkNotEmpty, toDeclared, toMaximum, toVendorFields } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import { cacheFields, type ToRequestOptions, toSampling, type WireRequest } from './request-parts.js';
import { responsesDialect } from './responses-dialect.js';
import { toOutput } from './to-request.js';
import { toResponsesInput } from './to-responses-input.js';
import { toOpenAITools, toToolChoice } from './to-tools.js';
import { isReasoningModel } from './traits.js';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

/** What the provider itself decides: the conversation is the caller's, and the vendor keeps none of it. */
const ownFields = [
  'model',
  'input',
  'instructions',
  'stream',
  'store',
  'background',
  'conversation',
  'previous_response_id',
];

// Of this API; Chat Completions takes 1.
const leastTokens = 16;

/** Where reasoning of a call comes from, and where alone it goes back to. */
export function toOrigin({
  provider = 'openai',
  modelId,
  organization,
}: Pick<ToRequestOptions, 'provider' | 'modelId' | 'organization'>): Origin {
  return { provider, model: modelId, ...(organization !== undefined && { account: organization }) };
}

/**
 * The body of a call of the Responses API, with the promises of `toOpenAIRequest`. Nothing is stored at the vendor; what a
 * reasoning model needs of its own reasoning comes back encrypted with the answer.
 */
export function toOpenAIResponsesRequest(request: ChatRequest, options: ToRequestOptions): WireRequest<Body> {
  const { modelId, traits } = options;
  const warnings = createWarnings();
  const tools = toDeclared(request, traits, warnings);
  const compiled = compileConversation(
    request.messages,
    responsesDialect(toOrigin(options), traits.features),
    { tools: tools.map((tool) => tool.name) },
  );
  checkNotEmpty(compiled.messages);
  const reasons = isReasoningModel(modelId);
  const choice = toToolChoice(request.toolChoice, tools, compiled.wireNames, warnings);
  const output = toOutput(request, traits, warnings)?.json_schema;
  const maximum = toLimit(request, warnings);
  const { effort, temperature } = toSampling(request, modelId, traits, warnings);
  const { schema, ...named } = output ?? { name: '' };
  const body: Body = {
    model: modelId,
    input: toResponsesInput(compiled.messages, reasons ? 'developer' : 'system'),
    stream: true,
    store: false,
    // Other models refuse to be asked for it.
    ...(reasons && { include: ['reasoning.encrypted_content'] }),
    ...(tools.length > 0 && { tools: toFunctions(toOpenAITools(tools, compiled.wireNames)) }),
    ...(choice !== undefined && { tool_choice: toChoice(choice) }),
    ...(output && { text: { format: { type: 'json_schema', ...named, schema: schema ?? {} } } }),
    ...(maximum !== undefined && { max_output_tokens: maximum }),
    ...(effort !== undefined && { reasoning: { effort } }),
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

function toLimit(request: ChatRequest, warnings: Warnings): number | undefined {
  const maximum = toMaximum(request, warnings);
  if (maximum === undefined || maximum >= leastTokens) return maximum;
  warnings.add(
    'max-output-tokens',
    `The maximum of output tokens was raised to ${leastTokens}, the vendor's least.`,
  );
  return leastTokens;
}

/** Flat, and not strict: without a word about it this API would enforce rules that the schema was not written for. */
function toFunctions(tools: readonly OpenAI.ChatCompletionFunctionTool[]): OpenAI.Responses.FunctionTool[] {
  return tools.map(({ function: { name, description, parameters } }) => ({
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    parameters: parameters ?? null,
    strict: false,
  }));
}

function toChoice(choice: NonNullable<ReturnType<typeof toToolChoice>>): NonNullable<Body['tool_choice']> {
  if (typeof choice === 'string') return choice;
  return choice.type === 'function' ? { type: 'function', name: choice.function.name } : 'auto';
}
