import type { ChatRequest, ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
import { isObject, toChoice } from '@loci/core/provider';
import type {
  ChatCompletionStreamRequest,
  FunctionT,
  ResponseFormat,
} from '@mistralai/mistralai/models/components';
import { nameRule } from './mistral-dialect.js';

/** Tools as the SDK takes them; names that the vendor would refuse are rewritten. */
export function toMistralTools(
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string> = toWireNames(
    tools.map((tool) => tool.name),
    nameRule,
  ),
): { type: 'function'; function: FunctionT }[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: {
      name: names.get(name) ?? name,
      description,
      // The vendor wants parameters, also where there are none.
      parameters: isObject(inputSchema) ? { ...inputSchema } : { type: 'object', properties: {} },
    },
  }));
}

/** The choice of a tool; `undefined` where nothing need be said, or where it could not be honoured. */
export function toToolChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string>,
  warnings: Warnings,
): ChatCompletionStreamRequest['toolChoice'] {
  const checked = toChoice(choice, tools, warnings);
  if (checked === undefined) return undefined;
  if (typeof checked === 'string') return checked === 'required' ? 'any' : checked;
  return { type: 'function', function: { name: names.get(checked.toolName) ?? checked.toolName } };
}

/** The format of the answer; strict, as the SDK's own helpers have it for every schema. */
export function toResponseFormat({
  name,
  schema,
}: NonNullable<ChatRequest['output']>): ResponseFormat | undefined {
  if (!isObject(schema)) return undefined;
  const wireName = toWireNames([name], nameRule).get(name) ?? name;
  return {
    type: 'json_schema',
    jsonSchema: { name: wireName, schemaDefinition: { ...schema }, strict: true },
  };
}
