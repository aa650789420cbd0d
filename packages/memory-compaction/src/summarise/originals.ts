import type { Message, ThreadReader, View } from '@loci/core';

/** The messages as they were written: those of which an earlier pass replaced parts are read again. */
export async function originalsOf(
  thread: ThreadReader,
  view: View,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const replaced = new Set(Object.keys(view.current?.replace ?? {}));
  const seqs = messages.filter(({ id }) => replaced.has(id)).map((message) => view.ref(message).seq);
  if (seqs.length === 0) return messages;
  const found = new Map<string, Message>();
  for await (const entry of thread.entries({ from: Math.min(...seqs), to: Math.max(...seqs) }))
    if (entry.kind === 'message' && replaced.has(entry.id)) found.set(entry.id, entry.data);
  return messages.map((message) => found.get(message.id) ?? message);
}
