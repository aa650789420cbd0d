import type { ChatRequest, JsonValue, ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
import { isObject as isAnyObject, toChoice } from '@loci/core/provider';
import type { OpenAI } from 'openai';
import { nameRule } from './chat-dialect.js';

/** Tools as Chat Completions takes them; names that the vendor would refuse are rewritten. */
export function toOpenAITools(
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string> = toWireNames(
    tools.map((tool) => tool.name),
    nameRule,
  ),
): OpenAI.ChatCompletionFunctionTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: {
      name: names.get(name) ?? name,
      description,
      ...(isObject(inputSchema) && { parameters: { ...inputSchema } }),
    },
  }));
}

/** The choice of a tool; `undefined` where nothing need be said, or where it could not be honoured. */
export function toToolChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string>,
  warnings: Warnings,
): OpenAI.ChatCompletionToolChoiceOption | undefined {
  const checked = toChoice(choice, tools, warnings);
  if (checked === undefined || typeof checked === 'string') return checked;
  return { type: 'function', function: { name: names.get(checked.toolName) ?? checked.toolName } };
}

/** `response_format`; strict where the schema keeps to the rules of strict mode, because the vendor refuses it elsewhere. */
export function toResponseFormat(
  output: NonNullable<ChatRequest['output']>,
): OpenAI.ResponseFormatJSONSchema | undefined {
  const { name, schema } = output;
  if (!isObject(schema)) return undefined;
  const wireName = toWireNames([name], nameRule).get(name) ?? name;
  return {
    type: 'json_schema',
    json_schema: { name: wireName, schema: { ...schema }, strict: isStrict(schema) },
  };
}

/** Every object in the schema names all its properties as required and allows no others. */
function isStrict(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isObject(schema)) return true;
  const { properties, required } = schema;
  if (schema['type'] === 'object' || properties !== undefined) {
    const names = isObject(properties) ? Object.keys(properties) : [];
    if (
      schema['additionalProperties'] !== false ||
      !names.every((name) => Array.isArray(required) && required.includes(name))
    )
      return false;
  }
  return Object.entries(schema).every(([keyword, value]) =>
    keyword === 'properties' && isObject(value)
      ? Object.values(value).every(isStrict)
      : ['enum', 'const', 'default', 'examples', 'required'].includes(keyword) || isStrict(value),
  );
}

function isObject(value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } {
  return isAnyObject(value);
}
