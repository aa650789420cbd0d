import type { Message } from '../message/message.js';
import type { Entry } from './entry.js';
import type { LogWindow } from './log-window.js';
import type { Marks } from './redact.js';
import type { OpenTurn, ShapeInForce } from './thread.js';

export interface SeenMessage {
  readonly message: Message;
  readonly seq: number;
  readonly turnId: string | undefined;
}

/** What a look back from the end of a log found; everything older has no part in the view. */
export interface Scene {
  readonly basis: string | null;
  readonly shape: ShapeInForce | undefined;
  /** By seq, ascending. */
  readonly messages: readonly SeenMessage[];
  /** Messages that a shape keeps or a pin names and that lie further back. */
  readonly distant: readonly SeenMessage[];
  /** Seq of the closing entry of each completed turn that was seen. */
  readonly completed: ReadonlyMap<string, number>;
  readonly redacted: ReadonlySet<string>;
  /** The newest word on each pinned or unpinned message. */
  readonly pins: ReadonlyMap<string, { readonly pinned: boolean; readonly seq: number }>;
  readonly openTurns: readonly OpenTurn[];
  /** Seq down to which the log was read. */
  readonly from: number;
}

/**
 * Reads from the end until nothing older can be seen: the shape in force is known and every turn that outlives it has
 * begun. `later`: what redactions name that come after the end of this log.
 */
export async function lookBack(
  log: LogWindow,
  turnId: string | undefined,
  later: Marks | undefined,
): Promise<Scene> {
  const seen = new Collector(turnId);
  if (later) seen.mark(later);
  let seq = log.head;
  while (seq > 0 && !seen.isComplete(seq)) {
    const entry = await log.at(seq);
    if (!entry) break;
    seen.take(entry);
    seq--;
  }
  const from = seq + 1;
  const shape = seen.decided();
  const distant: SeenMessage[] = [];
  for (const wanted of seen.wanted(shape)) {
    const found = await findMessage(log, wanted);
    if (found && (await isCompleted(log, found, seen.completed))) distant.push(found);
  }
  return seen.scene(shape, distant, from);
}

class Collector {
  readonly completed = new Map<string, number>();
  readonly #turnId: string | undefined;
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #redacted = new Set<string>();
  readonly #dead = new Set<string>();
  readonly #pins = new Map<string, { pinned: boolean; seq: number; messageSeq: number | undefined }>();
  readonly #claims: { turnId: string; owner: string; leaseUntil: number; at: number; started: boolean }[] =
    [];
  readonly #messages: SeenMessage[] = [];
  /** Living when they were met; newest first. */
  readonly #shapes: ShapeInForce[] = [];
  /** Completed turns whose beginning lies further back. */
  readonly #unbegun = new Set<string>();
  #basis: string | null = null;

  constructor(turnId: string | undefined) {
    this.#turnId = turnId;
  }

  take(entry: Entry): void {
    const { turnId, seq } = entry;
    switch (entry.kind) {
      case 'message':
        if (turnId === undefined || !this.#begun.has(turnId))
          this.#messages.push({ message: entry.data, seq, turnId });
        return;
      case 'turn': {
        const turn = entry.data;
        const id = turnId as string;
        const started = turn.state === 'started';
        if (started || turn.state === 'claimed') {
          const { owner, leaseUntil } = turn;
          this.#claims.push({ turnId: id, owner, leaseUntil, at: entry.at, started });
        }
        if (started) {
          this.#begun.add(id);
          this.#unbegun.delete(id);
        } else if (turn.state !== 'claimed' && !this.#begun.has(id)) {
          this.#ended.add(id);
          if (turn.state === 'completed') {
            this.completed.set(id, seq);
            this.#unbegun.add(id);
          }
        }
        return;
      }
      case 'overlay':
      case 'clear': {
        this.#shaped(entry.id);
        const shape = entry.kind === 'overlay' ? entry.data : { covers: entry.data.covers, keep: [] };
        if (!this.#dead.has(entry.id)) this.#shapes.push({ id: entry.id, seq, ...shape });
        return;
      }
      case 'revert':
        this.#shaped(entry.id);
        this.#dead.add(entry.data.target);
        return;
      case 'redaction':
        this.#shaped(entry.id);
        this.mark(entry.data);
        return;
      case 'pin':
        this.#shaped(entry.id);
        if (!this.#pins.has(entry.data.id)) {
          this.#pins.set(entry.data.id, { pinned: entry.data.pinned, seq, messageSeq: entry.data.seq });
        }
    }
  }

  mark({ ids, derived }: Marks): void {
    for (const id of ids) this.#redacted.add(id);
    for (const id of derived) this.#dead.add(id);
  }

  /** The newest shape that counts for this reader; undecided while it belongs to a turn whose beginning was not met. */
  living(): ShapeInForce | 'undecided' | undefined {
    for (const shape of this.#shapes) {
      const turnId = shape.covers.open?.turnId;
      if (turnId === undefined || this.completed.has(turnId)) return shape;
      if (this.#ended.has(turnId)) continue;
      if (!this.#begun.has(turnId)) return 'undecided';
      if (turnId === this.#turnId) return shape;
    }
    return undefined;
  }

  /** As `living`, once there is nothing more to read: a turn whose beginning was not met never began. */
  decided(): ShapeInForce | undefined {
    return this.#shapes.find(({ covers: { open } }) => {
      if (open === undefined || this.completed.has(open.turnId)) return true;
      return open.turnId === this.#turnId && this.#begun.has(open.turnId) && !this.#ended.has(open.turnId);
    });
  }

  /** Whether entries from `seq` downwards can change nothing. */
  isComplete(seq: number): boolean {
    if (this.#turnId !== undefined && !this.#begun.has(this.#turnId)) return false;
    const shape = this.living();
    if (shape === undefined || shape === 'undecided' || seq > shape.covers.closed.seq) return false;
    for (const turnId of this.#unbegun) {
      if ((this.completed.get(turnId) ?? 0) >= shape.covers.closed.turnSeq) return false;
    }
    return true;
  }

  wanted(shape: ShapeInForce | undefined): { id: string; seq: number | undefined }[] {
    const met = new Set(this.#counted().map((seen) => seen.message.id));
    const wanted = new Map<string, number | undefined>(shape?.keep.map((kept) => [kept.id, kept.seq]));
    for (const [id, pin] of this.#pins)
      if (pin.pinned && pin.seq > (shape?.seq ?? 0) && !wanted.has(id)) wanted.set(id, pin.messageSeq);
    return [...wanted].filter(([id]) => !met.has(id)).map(([id, seq]) => ({ id, seq }));
  }

  scene(shape: ShapeInForce | undefined, distant: SeenMessage[], from: number): Scene {
    const messages = this.#counted().reverse();
    return {
      basis: this.#basis,
      shape,
      messages,
      distant,
      completed: this.completed,
      redacted: this.#redacted,
      pins: this.#pins,
      openTurns: this.#openTurns(messages),
      from,
    };
  }

  /** Newest first. A message before the beginning of its turn, or whose beginning was not met, does not count here. */
  #counted(): SeenMessage[] {
    return this.#messages.filter((seen) => seen.turnId === undefined || this.#begun.has(seen.turnId));
  }

  #shaped(entryId: string): void {
    this.#basis ??= entryId;
  }

  #openTurns(messages: readonly SeenMessage[]): OpenTurn[] {
    const open = new Map<string, { owner: string; leaseUntil: number; calls: Set<string> }>();
    for (const claim of this.#claims.toReversed()) {
      const { turnId, owner, leaseUntil } = claim;
      const held = open.get(turnId);
      if (claim.started && !this.#ended.has(turnId))
        open.set(turnId, { owner, leaseUntil, calls: new Set() });
      // The first claim after a lease ran out wins; its holder may renew it at any time.
      else if (held && (held.leaseUntil <= claim.at || held.owner === owner))
        Object.assign(held, { owner, leaseUntil });
    }
    for (const { message, turnId } of messages) {
      const calls = turnId === undefined ? undefined : open.get(turnId)?.calls;
      for (const part of calls ? message.content : []) {
        if (part.type === 'tool-call') calls?.add(part.toolCallId);
        if (part.type === 'tool-result') calls?.delete(part.toolCallId);
      }
    }
    return [...open].map(([turnId, { owner, leaseUntil, calls }]) => ({
      turnId,
      owner,
      leaseUntil,
      pendingCalls: [...calls],
    }));
  }
}

async function findMessage(
  log: LogWindow,
  wanted: { id: string; seq: number | undefined },
): Promise<SeenMessage | undefined> {
  const read = async (seq: number) => {
    const entry = await log.at(seq);
    return entry?.kind === 'message' && entry.id === wanted.id
      ? { message: entry.data, seq, turnId: entry.turnId }
      : undefined;
  };
  const hinted = wanted.seq === undefined ? undefined : await read(wanted.seq);
  if (hinted) return hinted;
  for (let seq = log.head; seq > 0; seq--) {
    const found = await read(seq);
    if (found) return found;
  }
  return undefined;
}

/** A message further back than the look went counts only if its turn was completed, which stands soon after it. */
async function isCompleted(
  log: LogWindow,
  found: SeenMessage,
  completed: ReadonlyMap<string, number>,
): Promise<boolean> {
  const { turnId } = found;
  if (turnId === undefined || completed.has(turnId)) return true;
  for (let seq = found.seq + 1; seq <= log.head; seq++) {
    const entry = await log.at(seq);
    if (entry?.kind !== 'turn' || entry.turnId !== turnId) continue;
    if (entry.data.state === 'completed') return true;
    if (entry.data.state === 'failed') return false;
  }
  return false;
}
