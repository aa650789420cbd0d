import type { Entry, IoOptions, Message, Thread } from '@loci/core';

interface Placed {
  readonly message: Message;
  /** Seq of the closing entry of its turn; own seq without a turn. */
  readonly turnSeq: number;
  readonly seq: number;
}

/** The newest messages that are to be seen, oldest first: turns in the order of their completion. */
export async function readHistory(thread: Thread, limit: number, io: IoOptions): Promise<readonly Message[]> {
  const scan = createScan();
  for await (const entry of thread.entries({ ...io, reverse: true })) {
    scan.look(entry);
    if (scan.isComplete(limit)) break;
  }
  const found = [...scan.found].sort((a, b) => a.turnSeq - b.turnSeq || a.seq - b.seq);
  return Object.freeze(found.slice(-limit).map(({ message }) => message));
}

/** Looks at entries, newest first: what ends, hides or takes out is met before what it is about. */
function createScan() {
  const found: Placed[] = [];
  const completed = new Map<string, number>();
  /** Completed, and its beginning is further back. */
  const unfinished = new Set<string>();
  const reverted = new Set<string>();
  const redacted = new Set<string>();
  let clearedTo = 0;

  function place(entry: Entry & { readonly kind: 'message' }): void {
    const turnSeq = entry.turnId === undefined ? entry.seq : completed.get(entry.turnId);
    const isHidden = turnSeq === undefined || turnSeq <= clearedTo || redacted.has(entry.id);
    if (!isHidden && entry.data.content.length > 0)
      found.push({ message: entry.data, turnSeq, seq: entry.seq });
  }

  return {
    found,
    look(entry: Entry): void {
      if (entry.kind === 'message') place(entry);
      if (entry.kind === 'revert') reverted.add(entry.data.target);
      if (entry.kind === 'redaction') for (const id of entry.data.ids) redacted.add(id);
      if (entry.kind === 'clear' && !reverted.has(entry.id))
        clearedTo = Math.max(clearedTo, entry.data.covers.closed.turnSeq);
      if (entry.kind !== 'turn' || entry.turnId === undefined) return;
      if (entry.data.state === 'completed') completed.set(entry.turnId, entry.seq);
      if (entry.data.state === 'completed') unfinished.add(entry.turnId);
      if (entry.data.state === 'started') unfinished.delete(entry.turnId);
    },
    /** Whether nothing further back can be among the newest. */
    isComplete: (limit: number) => unfinished.size === 0 && (found.length >= limit || clearedTo > 0),
  };
}
