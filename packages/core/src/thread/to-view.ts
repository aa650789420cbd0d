import { InvalidInputError } from '../errors/invalid-input-error.js';
import type { Message } from '../message/message.js';
import type { Coverage } from './entry.js';
import type { Scene, SeenMessage } from './look-back.js';
import { stubMessage } from './stub.js';
import type { View, ViewOptions } from './thread.js';

interface Placed extends SeenMessage {
  /** Seq of the closing entry of its turn, own seq without a turn, infinite in the open turn. */
  readonly turnSeq: number;
}

/** Pure: what a scene shows to one reader. */
export function toView(scene: Scene, head: number, options: ViewOptions): View {
  const { shape } = scene;
  const open = scene.openTurns.some((turn) => turn.turnId === options.turnId) ? options.turnId : undefined;
  const positionOf = ({ turnId, seq }: SeenMessage): number | undefined => {
    if (turnId === undefined) return seq;
    return turnId === open ? Number.POSITIVE_INFINITY : scene.completed.get(turnId);
  };
  const isFor = (message: Message) =>
    !options.agentId || !message.agentId || message.agentId === options.agentId;
  const show = (seen: SeenMessage): SeenMessage =>
    scene.redacted.has(seen.message.id) ? { ...seen, message: stubMessage(seen.message) } : seen;
  const tellsSomething = ({ message }: SeenMessage) => message.content.length > 0 && isFor(message);

  const visible = scene.messages
    .flatMap((seen): Placed[] => {
      const turnSeq = positionOf(seen);
      return turnSeq === undefined ? [] : [{ ...show(seen), turnSeq }];
    })
    .filter(tellsSomething)
    .sort((a, b) => (a.turnSeq === b.turnSeq ? a.seq - b.seq : a.turnSeq - b.turnSeq));

  const keptBy = new Map(shape?.keep.map((entry) => [entry.id, entry.pinned ?? false]));
  const pinOf = (message: Message) => scene.pins.get(message.id);
  const laterPin = (message: Message) => {
    const pin = pinOf(message);
    return pin && pin.seq > (shape?.seq ?? 0) ? pin.pinned : undefined;
  };
  const isCovered = (seen: Placed) => shape !== undefined && liesWithin(shape.covers, seen);
  const kept = [...scene.distant.map(show).filter(tellsSomething), ...visible.filter(isCovered)]
    .filter(({ message }) => laterPin(message) ?? keptBy.has(message.id))
    .sort((a, b) => a.seq - b.seq);
  const living = visible
    .filter((seen) => !isCovered(seen))
    .map((seen) => {
      const { message } = seen;
      const content = scene.redacted.has(message.id) ? undefined : shape?.replace?.[message.id];
      return content ? { ...seen, message: { ...message, content } } : seen;
    })
    .filter(tellsSomething);

  const seqs = new Map([...kept, ...living].map((seen) => [seen.message.id, seen.seq]));
  const pinned = new Set([
    ...kept
      .filter(({ message }) => laterPin(message) ?? keptBy.get(message.id))
      .map(({ message }) => message.id),
    ...living
      .filter(({ message }) => pinOf(message)?.pinned ?? message.pinned)
      .map(({ message }) => message.id),
  ]);
  const messages = living.map(({ message }) => message);
  return Object.freeze({
    seq: head,
    basis: scene.basis,
    shape: shape?.id ?? null,
    current: shape,
    // What one agent's messages were summarised to, the others do not see either.
    summary: shape?.summary && isFor(shape.summary) ? shape.summary : undefined,
    kept: Object.freeze(kept.map(({ message }) => message)),
    messages: Object.freeze(messages),
    open: Object.freeze(messages.slice(living.findLastIndex(isClosed) + 1)),
    pinned,
    ref(message: Message) {
      const seq = seqs.get(message.id);
      if (seq === undefined) throw new InvalidInputError('message', 'is not in this view');
      return { id: message.id, seq };
    },
    coverage(through: Message): Coverage {
      const index = living.findIndex((seen) => seen.message.id === through.id);
      const last = living[index];
      if (!last) throw new InvalidInputError('message', 'is not in this view');
      if (isClosed(last)) return { closed: { turnSeq: last.turnSeq, seq: last.seq } };
      const before = living.findLast(isClosed);
      const closed = before
        ? { turnSeq: before.turnSeq, seq: before.seq }
        : (shape?.covers.closed ?? { turnSeq: 0, seq: 0 });
      return { closed, open: { turnId: last.turnId as string, seq: last.seq } };
    },
  });
}

function isClosed({ turnSeq }: Placed): boolean {
  return turnSeq !== Number.POSITIVE_INFINITY;
}

/** Whether a message at this place is covered; its `turnSeq` is infinite in the open turn. */
export function liesWithin(
  { closed, open }: Coverage,
  {
    turnId,
    turnSeq,
    seq,
  }: { readonly turnId?: string | undefined; readonly turnSeq: number; readonly seq: number },
): boolean {
  if (open && turnId === open.turnId && seq <= open.seq) return true;
  return turnSeq < closed.turnSeq || (turnSeq === closed.turnSeq && seq <= closed.seq);
}
