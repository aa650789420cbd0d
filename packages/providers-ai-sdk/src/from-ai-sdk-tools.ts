import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ToolSpec } from '@loci/core';
import type { Warnings } from '@loci/core/conversation';
import { toJson } from './json.js';

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
