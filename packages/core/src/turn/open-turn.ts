import { type Clock, systemClock } from '../clock.js';
import { ConflictError } from '../errors/conflict-error.js';
import { StoreUnavailableError } from '../errors/store-unavailable-error.js';
import { TurnTakenError } from '../errors/turn-taken-error.js';
import { quiet } from '../events.js';
import { deepFreeze } from '../json.js';
import type { Message } from '../message/message.js';
import { randomId as secureId } from '../random-id.js';
import type { AppendReceipt } from '../store/store.js';
import type { Entry, EntryInput, TurnState } from '../thread/entry.js';
import { turnMarkId } from '../thread/parse-entry.js';
import type { View } from '../thread/thread.js';
import { createPrompter, type Prompt, type PromptOptions } from './prompter.js';
import type { Turn } from './turn.js';

export interface TurnOptions extends PromptOptions {
  /** What begins the turn; not with `turnId`. */
  readonly input?: readonly Message[];
  /** Goes on with this open turn. */
  readonly turnId?: string;
  /** Every commit is one append, and each is stored before the next; otherwise the turn is one append at its end. @default false */
  readonly durable?: boolean;
  /** How long nobody else may go on with the turn, renewed by every commit; 0: anybody may. @default 0 */
  readonly leaseMs?: number;
  /** How long `fail` waits for the store. @default 5000 */
  readonly closeTimeoutMs?: number;
  /** Gets the work that goes on after the turn (`observe`), to be awaited by a flush. */
  readonly background?: (work: Promise<void>) => void;
  readonly clock?: Clock;
  readonly randomId?: () => string;
}

/**
 * Begins a turn, or goes on with one that stopped: the engine under `withMemory` and the agent. Rejects with
 * `TurnTakenError` where the turn has ended, is not there, or is leased to somebody else.
 */
export async function openTurn(options: TurnOptions): Promise<Turn> {
  const { thread, durable = false, leaseMs = 0, closeTimeoutMs = 5000, clock = systemClock } = options;
  const newId = options.randomId ?? secureId;
  const id = options.turnId ?? newId();
  const owner = newId();
  const prompter = createPrompter(options, id);
  const report = quiet(options.onEvent);
  const about = { thread: thread.key, turnId: id };
  const agent = options.agentId === undefined ? {} : { agentId: options.agentId };

  let stored = options.turnId !== undefined;
  let ended = false;
  let leaseUntil = 0;
  let written = 0;
  let calls = 0;
  let buffer: EntryInput[] = [];
  let last: Prompt | undefined;

  const view = (): Promise<View> => thread.view({ ...(stored ? { turnId: id } : {}), ...agent });
  const unstored = () => buffer.flatMap((entry) => (entry.kind === 'message' ? [entry.data] : []));
  const own = async () => (stored ? [...(await view()).open, ...unstored()] : unstored());
  const mark = (entryId: string, data: TurnState): EntryInput => ({
    id: entryId,
    version: 1,
    turnId: id,
    ...agent,
    kind: 'turn',
    data,
  });

  function toEntry(message: Message): EntryInput {
    const entryId = `${id}.${written++}`;
    // A copy, frozen: memories get to see it, and the caller keeps the original.
    const data = deepFreeze(structuredClone({ ...thread.clean({ ...message, id: entryId }), ...agent }));
    return {
      id: entryId,
      version: 1,
      turnId: id,
      ...agent,
      ...(message.tags ? { tags: message.tags } : {}),
      kind: 'message',
      data,
    };
  }

  function lease(state: 'started' | 'claimed', entryId: string): EntryInput {
    leaseUntil = leaseMs > 0 ? clock.now() + leaseMs : 0;
    return mark(entryId, { state, owner, leaseUntil });
  }

  /** Same ids, same entries: after a lost answer the repeat is recognised. */
  async function write(entries: readonly EntryInput[]): Promise<AppendReceipt | undefined> {
    if (entries.length === 0) return undefined;
    let receipt: AppendReceipt;
    try {
      receipt = await thread.append(entries);
    } catch (error) {
      if (!StoreUnavailableError.isInstance(error)) throw await explain(error);
      receipt = await thread.append(entries);
    }
    stored = true;
    return receipt;
  }

  /** A conflict inside a turn means that somebody else ended it or went on with it. */
  async function explain(error: unknown): Promise<unknown> {
    if (!ConflictError.isInstance(error)) return error;
    const isOpen = (await thread.openTurns()).some((turn) => turn.turnId === id);
    return new TurnTakenError(id, isOpen ? 'leased' : 'ended');
  }

  async function flush(closing: readonly EntryInput[] = []): Promise<AppendReceipt | undefined> {
    const receipt = await write([...buffer, ...closing]);
    buffer = [];
    return receipt;
  }

  async function commit(entries: readonly EntryInput[]): Promise<void> {
    const renewal =
      durable && leaseMs > 0 && clock.now() > leaseUntil - leaseMs / 2
        ? [lease('claimed', `${id}.claim.${newId()}`)]
        : [];
    buffer.push(...renewal, ...entries);
    if (durable) await flush();
  }

  if (options.turnId === undefined) {
    buffer.push(lease('started', turnMarkId(id, 'start')), ...(options.input ?? []).map(toEntry));
    if (durable) await flush();
  } else {
    const found = (await thread.openTurns()).find((turn) => turn.turnId === id);
    if (!found) throw new TurnTakenError(id, (await hasEnded(options)) ? 'ended' : 'unknown');
    if (found.leaseUntil > clock.now()) throw new TurnTakenError(id, 'leased');
    if (leaseMs > 0) {
      await write([lease('claimed', `${id}.claim.${newId()}`)]);
      const now = (await thread.openTurns()).find((turn) => turn.turnId === id);
      if (now?.owner !== owner) throw new TurnTakenError(id, now ? 'leased' : 'ended');
    }
    const steps = await readTurn(options);
    written = steps.filter((entry) => entry.kind === 'message').length;
    calls = steps.filter((entry) => entry.kind === 'call').length;
  }

  const turn: Turn = {
    id,
    messages: own,
    async request(base) {
      last = await prompter.prompt(base, unstored(), view);
      return last.request;
    },
    async commit(messages, extra = []) {
      const entries = messages.map(toEntry);
      await commit([...entries, ...extra]);
      return entries.flatMap((entry) => (entry.kind === 'message' ? [entry.data] : []));
    },
    async answer(response, extra = []) {
      const entry = toEntry(response.message);
      const { provider, modelId } = response.model;
      const data = {
        recalled: last?.recalled ?? [],
        shape: last?.shape ?? null,
        usage: response.usage,
        model: `${provider}/${modelId}`,
      };
      await commit([
        entry,
        { id: `${id}.call.${calls++}`, version: 1, turnId: id, ...agent, kind: 'call', data },
        ...extra,
      ]);
      return {
        ...response,
        message: entry.data as Message,
        warnings: [...response.warnings, ...(last?.warnings ?? [])],
      };
    },
    async suspend() {
      await flush();
    },
    async complete() {
      const before = stored ? await readTurn({ thread, turnId: id }) : [];
      const messages = [...before, ...buffer].flatMap((entry) =>
        entry.kind === 'message' ? [entry.data] : [],
      );
      await flush([mark(turnMarkId(id, 'end'), { state: 'completed' })]);
      ended = true;
      report({ ...about, type: 'turn-saved' });
      options.background?.(prompter.observe(messages, () => thread.view(agent)));
    },
    async fail(reason) {
      if (ended) return;
      ended = true;
      const { promise: tooLate, reject } = Promise.withResolvers<never>();
      const cancel = clock.after(closeTimeoutMs, () =>
        reject(new StoreUnavailableError(`it did not answer within ${closeTimeoutMs} ms`)),
      );
      try {
        const receipt = await Promise.race([
          flush([mark(turnMarkId(id, 'end'), { state: 'failed', reason })]),
          tooLate,
        ]);
        // Replayed: it had ended already, perhaps completed with a lost answer.
        if (receipt?.outcome !== 'replayed') report({ ...about, type: 'turn-failed', reason });
      } catch (error) {
        report({ ...about, type: 'turn-close-failed', error });
      } finally {
        cancel();
      }
    },
  };
  return Object.freeze(turn);
}

/** What the log has of a turn, oldest first, covered or not. */
async function readTurn({ thread, turnId }: Pick<TurnOptions, 'thread' | 'turnId'>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of thread.entries({ reverse: true })) {
    if (entry.turnId !== turnId) continue;
    entries.push(entry);
    if (entry.kind === 'turn' && entry.data.state === 'started') break;
  }
  return entries.reverse();
}

async function hasEnded({ thread, turnId }: TurnOptions): Promise<boolean> {
  for await (const entry of thread.entries({ reverse: true }))
    if (entry.id === turnMarkId(turnId as string, 'end')) return true;
  return false;
}
