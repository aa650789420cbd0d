import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
import { isObject } from '@loci/core/provider';
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
