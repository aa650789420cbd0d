import type { IoOptions, Message, ThreadReader, View } from '@loci/core';

/**
 * The originals that the view covers, or shows in a shorter form: of completed turns, and of the open turn whose own
 * shape hides them. Nothing that was redacted, and nothing that a clear hides. Newest first.
 */
export async function hiddenOriginals(
  thread: ThreadReader,
  { agentId, ...io }: IoOptions & { readonly agentId: string | undefined },
): Promise<readonly Message[]> {
  const view = await currentView(thread);
  const own = view.current?.covers.open?.turnId;
  const replaced = view.current?.replace ?? {};
  const shown = new Set(
    [...view.kept, ...view.messages].map(({ id }) => id).filter((id) => !Object.hasOwn(replaced, id)),
  );
  const completed = new Map<string, number>();
  const gone = new Set<string>();
  const hidden: Message[] = [];
  let clearedTo = 0;
  for await (const entry of thread.entries({ ...io, reverse: true, to: view.seq })) {
    const { id, turnId, seq } = entry;
    if (entry.kind === 'turn' && entry.data.state === 'completed') completed.set(turnId as string, seq);
    else if (entry.kind === 'revert') gone.add(entry.data.target);
    else if (entry.kind === 'redaction') for (const marked of entry.data.ids) gone.add(marked);
    else if (entry.kind === 'clear' && !gone.has(id))
      clearedTo = Math.max(clearedTo, entry.data.covers.closed.turnSeq);
    else if (entry.kind === 'message' && !gone.has(id) && !shown.has(id)) {
      const { data } = entry;
      const end =
        turnId === undefined
          ? seq
          : (completed.get(turnId) ?? (turnId === own ? Number.POSITIVE_INFINITY : undefined));
      const isForAgent = !agentId || !data.agentId || data.agentId === agentId;
      if (end !== undefined && end > clearedTo && isForAgent && data.content.length > 0) hidden.push(data);
    }
  }
  return hidden;
}

/** What the turn that is under way sees, where it has a shape of its own. */
async function currentView(thread: ThreadReader): Promise<View> {
  for (const { turnId } of (await thread.openTurns()).toReversed()) {
    const view = await thread.view({ turnId });
    if (view.current?.covers.open?.turnId === turnId) return view;
  }
  return thread.view();
}
