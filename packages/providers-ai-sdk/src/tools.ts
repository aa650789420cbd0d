import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { ChatRequest, ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
import { isObject, toJson } from './json.js';
import { nameRule } from './prompt-dialect.js';

/** Tools as the AI SDK's models take them; names that a vendor would refuse are rewritten. */
export function toAiSdkTools(
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string> = toWireNames(
    tools.map((tool) => tool.name),
    nameRule,
  ),
  warnings?: Warnings,
): LanguageModelV4FunctionTool[] {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size < tools.length)
    warnings?.add('tool-twice', 'Of tools with one name only the last one was sent.');
  return [...byName.values()].map(({ name, description, inputSchema }) => ({
    type: 'function',
    name: names.get(name) ?? name,
    description,
    inputSchema: { type: 'object', ...(isObject(inputSchema) && inputSchema) },
  }));
}

/** The choice of a tool; `undefined` where nothing need be said, or where it could not be honoured. */
export function toToolChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string>,
  warnings: Warnings,
): LanguageModelV4ToolChoice | undefined {
  if (choice === undefined || choice === 'auto') return undefined;
  const wanted = typeof choice === 'string' ? undefined : choice.toolName;
  const exists = wanted === undefined ? tools.length > 0 : tools.some((tool) => tool.name === wanted);
  if (exists)
    return wanted === undefined
      ? { type: choice === 'none' ? 'none' : 'required' }
      : { type: 'tool', toolName: names.get(wanted) ?? wanted };
  if (choice !== 'none')
    warnings.add('tool-choice', 'The tool choice was left out: the request has no such tool.');
  return undefined;
}

/** Tools of the AI SDK as core's. Those that a provider runs itself are left out, with a warning. */
export function fromAiSdkTools(
  tools: NonNullable<LanguageModelV4CallOptions['tools']>,
  warnings: Warnings,
): ToolSpec[] {
  return tools.flatMap((tool) => {
    if (tool.type === 'function')
      return [
        {
          name: tool.name,
          description: tool.description ?? '',
          inputSchema: toJson(tool.inputSchema),
        },
      ];
    warnings.add('provider-tool', 'Tools that a provider runs itself were left out.');
    return [];
  });
}
