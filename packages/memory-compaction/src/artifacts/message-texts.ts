import type { JsonValue, Message, Part } from '@loci/core';

/** One string of a message. */
interface MessageText {
  readonly text: string;
  /** Whether the user or the assistant says it in their own words. */
  readonly isSaid: boolean;
}

/** What a message says and shows, and its tools' inputs and outputs, string by string. Reasoning is left out. */
export function messageTexts({ role, content }: Pick<Message, 'role' | 'content'>): MessageText[] {
  const isSpeaker = role === 'user' || role === 'assistant';
  return content.flatMap((part) =>
    partTexts(part).map((text) => ({
      text,
      isSaid: isSpeaker && part.type === 'text' && part.trust !== 'quoted',
    })),
  );
}

function partTexts(part: Part): string[] {
  switch (part.type) {
    case 'text':
      return [part.text];
    case 'reasoning':
      return [];
    case 'image':
    case 'file':
      return [
        ...(part.name === undefined ? [] : [part.name]),
        ...(/^https?:/.test(part.data) ? [part.data] : []),
      ];
    case 'tool-call':
      return leaves(part.input);
    case 'tool-result':
      return leaves(typeof part.output === 'string' ? parsed(part.output) : part.output);
  }
}

/** Many tools answer JSON as a string, where line ends and backslashes are written differently. */
function parsed(output: string): JsonValue {
  if (!/^\s*[{[]/.test(output)) return output;
  try {
    return JSON.parse(output) as JsonValue;
  } catch {
    return output;
  }
}

/** Strings and numbers, in order; without recursion, since a tool may answer a value of any depth. */
function leaves(value: JsonValue): string[] {
  const texts: string[] = [];
  const open = [value];
  while (open.length > 0) {
    const next = open.pop() as JsonValue;
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'number') texts.push(String(next));
    else if (next !== null && typeof next === 'object')
      for (const inner of Object.values(next).reverse()) open.push(inner);
  }
  return texts;
}
