import type { Message } from '@loci/core';

const label = 'Tools called: ';
/** Names in the line; the most called win. */
const mostNames = 12;

/** How often each tool was called, with the counts of the digest before; no line where none was. */
export function countTools(
  messages: readonly Pick<Message, 'content'>[],
  before: readonly string[],
): { readonly line: string | undefined; readonly isCount: (text: string) => boolean } {
  const isCount = (text: string) => text.startsWith(label);
  const counts = new Map<string, number>();
  const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
  for (const text of before.filter(isCount))
    for (const piece of text.slice(label.length).split(', ')) {
      const [, name, count] = /^(\S{1,64}) ×(\d{1,9})$/.exec(piece) ?? [];
      if (name) add(name, Number(count));
    }
  for (const { content } of messages)
    for (const part of content)
      if (part.type === 'tool-call') add(part.toolName.replace(/[\s,]/g, '_').slice(0, 64), 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostNames);
  const line = `${label}${names.map(([name, count]) => `${name} ×${count}`).join(', ')}`;
  return { line: names.length > 0 ? line : undefined, isCount };
}
