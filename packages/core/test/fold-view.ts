import type { Coverage, Entry, Message, Part, Thread } from '../src/index.js';

/** The whole log folded from its beginning: slow, plain, and the meaning that `view()` must have. */
export async function foldView(
  thread: Pick<Thread, 'entries'>,
  options: { turnId?: string; agentId?: string } = {},
) {
  const started = new Set<string>();
  const failed = new Set<string>();
  const completed = new Map<string, number>();
  const messages: { message: Message; seq: number; turnId: string | undefined }[] = [];
  const shapes: {
    id: string;
    seq: number;
    alive: boolean;
    covers: Coverage;
    keep: ReadonlyMap<string, boolean>;
    summary?: Message;
    replace?: { readonly [id: string]: readonly Part[] };
  }[] = [];
  const pins = new Map<string, { pinned: boolean; seq: number }>();
  const redacted = new Set<string>();
  let basis: string | null = null;
  let seq = 0;

  for await (const entry of thread.entries() as AsyncIterable<Entry>) {
    seq = entry.seq;
    const { turnId } = entry;
    if (entry.kind === 'message') {
      if (turnId === undefined || started.has(turnId)) messages.push({ message: entry.data, seq, turnId });
    } else if (entry.kind === 'turn' && turnId !== undefined) {
      if (entry.data.state === 'started') started.add(turnId);
      if (entry.data.state === 'completed' && started.has(turnId)) completed.set(turnId, seq);
      if (entry.data.state === 'failed' && started.has(turnId)) failed.add(turnId);
    } else if (entry.kind === 'overlay' || entry.kind === 'clear') {
      const keep = entry.kind === 'overlay' ? entry.data.keep : [];
      shapes.push({
        id: entry.id,
        seq,
        alive: true,
        ...entry.data,
        keep: new Map(keep.map((kept) => [kept.id, kept.pinned ?? false])),
      });
    } else if (entry.kind === 'revert') {
      for (const shape of shapes) if (shape.id === entry.data.target) shape.alive = false;
    } else if (entry.kind === 'redaction') {
      for (const id of entry.data.ids) redacted.add(id);
      for (const shape of shapes) if (entry.data.derived.includes(shape.id)) shape.alive = false;
    } else if (entry.kind === 'pin') {
      pins.set(entry.data.id, { pinned: entry.data.pinned, seq });
    }
    if (['overlay', 'clear', 'revert', 'redaction', 'pin'].includes(entry.kind)) basis = entry.id;
  }

  const isOpen = (turnId: string) => started.has(turnId) && !completed.has(turnId) && !failed.has(turnId);
  const shape = shapes.findLast(({ alive, covers: { open } }) => {
    if (!alive) return false;
    return (
      open === undefined ||
      completed.has(open.turnId) ||
      (open.turnId === options.turnId && isOpen(open.turnId))
    );
  });
  const at = ({ seq: own, turnId }: { seq: number; turnId: string | undefined }) => {
    if (turnId === undefined) return own;
    if (turnId === options.turnId && isOpen(turnId)) return Number.POSITIVE_INFINITY;
    return completed.get(turnId);
  };
  const visible = messages
    .filter(
      (item) => at(item) !== undefined && !redacted.has(item.message.id) && item.message.content.length > 0,
    )
    .filter(({ message }) => !options.agentId || !message.agentId || message.agentId === options.agentId);
  visible.sort((a, b) =>
    (at(a) as number) === at(b) ? a.seq - b.seq : (at(a) as number) - (at(b) as number),
  );
  const isCovered = (item: (typeof visible)[number]) => {
    if (!shape) return false;
    const { closed, open } = shape.covers;
    const position = at(item) as number;
    if (open && item.turnId === open.turnId && item.seq <= open.seq) return true;
    return position < closed.turnSeq || (position === closed.turnSeq && item.seq <= closed.seq);
  };
  const laterPin = (id: string) => {
    const pin = pins.get(id);
    return pin && pin.seq > (shape?.seq ?? 0) ? pin.pinned : undefined;
  };
  const kept = visible
    .filter((item) => isCovered(item) && (laterPin(item.message.id) ?? shape?.keep.has(item.message.id)))
    .sort((a, b) => a.seq - b.seq)
    .map(({ message }) => message.id);
  const shown = visible.filter((item) => !isCovered(item)).map(({ message }) => message);
  const pinned = new Set([
    ...kept.filter((id) => laterPin(id) ?? shape?.keep.get(id)),
    ...shown.filter((message) => pins.get(message.id)?.pinned ?? message.pinned).map((message) => message.id),
  ]);
  return {
    seq,
    basis,
    shape: shape?.id ?? null,
    summary: shape?.summary?.id,
    kept,
    messages: shown.map((message) => ({
      id: message.id,
      content: shape?.replace?.[message.id] ?? message.content,
    })),
    pinned: [...pinned].sort(),
  };
}
