import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatRequest, ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
import { toChoice } from '@loci/core/provider';
import { nameRule } from './messages-dialect.js';
import { toInputSchema } from './to-schema.js';

/** Tools as Messages takes them; names that the vendor would refuse are rewritten, and schemas that it would refuse loosened. */
export function toAnthropicTools(
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string> = toWireNames(
    tools.map((tool) => tool.name),
    nameRule,
  ),
  warnings?: Warnings,
): Anthropic.Tool[] {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size < tools.length)
    warnings?.add('tool-twice', 'Of tools with one name only the last one was sent.');
  return [...byName.values()].map(({ name, description, inputSchema }) => ({
    name: names.get(name) ?? name,
    description,
    input_schema: toInputSchema(inputSchema, name, warnings),
  }));
}

/** The choice of a tool; `undefined` where nothing need be said, or where it could not be honoured. */
export function toToolChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ToolSpec[],
  names: ReadonlyMap<string, string>,
  forcedTools: boolean,
  warnings: Warnings,
): Anthropic.ToolChoice | undefined {
  const checked = toChoice(choice, tools, warnings);
  if (checked === undefined || checked === 'none') return checked && { type: checked };
  if (!forcedTools) {
    warnings.add('tool-choice', 'The tool choice was left out: the model refuses a forced tool.');
    return undefined;
  }
  if (checked === 'required') return { type: 'any' };
  return { type: 'tool', name: names.get(checked.toolName) ?? checked.toolName };
}
