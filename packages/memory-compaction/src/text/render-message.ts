import type { Message, Part } from '@loci/core';

/**
 * A message as lines of text, for a summariser, a digest or a reader: every part is told, tool calls and results with
 * names and values, pictures and files by their names. Linear in its size.
 */
export function renderMessage({ role, content }: Pick<Message, 'role' | 'content'>): string {
  return content.map((part) => renderPart(role, part)).join('\n');
}

function renderPart(role: Message['role'], part: Part): string {
  switch (part.type) {
    case 'text':
      return `[${part.trust === 'quoted' ? `quoted to the ${role}` : role}] ${part.text}`;
    case 'reasoning':
      return `[${role} thinks] ${part.text}`;
    case 'image':
    case 'file':
      return `[${role} shows ${describeMedia(part)}]`;
    case 'tool-call':
      return `[${role} calls ${part.toolName}] ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return `[${part.isError ? 'error' : 'result'} of ${part.toolName}] ${
        typeof part.output === 'string' ? part.output : JSON.stringify(part.output)
      }`;
  }
}

/** What stands where a picture or file was. An address is told; data is not. */
export function describeMedia({
  type,
  mediaType,
  name,
  data,
}: Extract<Part, { type: 'image' | 'file' }>): string {
  const named = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  const address = /^https?:/.test(data) ? ` at ${data}` : '';
  return `${type === 'image' ? 'a picture' : 'a file'}${named} (${mediaType})${address}`;
}
