import type { TextPart, ToolResultPart } from '../message/message.js';

/** The output of a tool as text, for dialects that take nothing else: a string as it is, any other value as JSON. */
export function resultText({ output, isError }: ToolResultPart): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return isError ? `Error: ${text}` : text;
}

/** A result whose call is no longer in the conversation, as something that somebody else wrote. */
export function quoteResult(part: ToolResultPart): TextPart {
  const text = `Result of the tool ${JSON.stringify(part.toolName)}, quoted (its call is no longer here):\n${resultText(part)}`;
  return { type: 'text', text, trust: 'quoted' };
}
