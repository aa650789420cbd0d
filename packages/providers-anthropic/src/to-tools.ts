import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatRequest, ToolSpec } from '@loci/core';
import { toWireNames, type Warnings } from '@loci/core/conversation';
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
  if (choice === undefined || choice === 'auto' || (choice === 'none' && tools.length === 0))
    return undefined;
  if (choice === 'none') return { type: 'none' };
  const wanted = typeof choice === 'string' ? undefined : choice.toolName;
  const exists = wanted === undefined ? tools.length > 0 : tools.some((tool) => tool.name === wanted);
  if (!exists || !forcedTools) {
    const reason = exists ? 'the model refuses a forced tool' : 'the request has no such tool';
    warnings.add('tool-choice', `The tool choice was left out: ${reason}.`);
    return undefined;
  }
  return wanted === undefined ? { type: 'any' } : { type: 'tool', name: names.get(wanted) ?? wanted };
}
