import { list, Mismatch } from '../check.js';
import type { Clock } from '../clock.js';
import { ConflictError } from '../errors/conflict-error.js';
import { DivergedError } from '../errors/diverged-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { LociError } from '../errors/loci-error.js';
import { TurnNotSavedError } from '../errors/turn-not-saved-error.js';
import { TurnTakenError } from '../errors/turn-taken-error.js';
import { type OnEvent, quiet } from '../events.js';
import type { Memory } from '../memory/memory.js';
import { checkMessage } from '../message/check-message.js';
import type { Message } from '../message/message.js';
import { truncated } from '../model/collect-stream.js';
import { defineModel } from '../model/define-model.js';
import type { CallOptions, ChatEvent, ChatModel, ChatRequest } from '../model/model.js';
import { ModelError } from '../model/model-error.js';
import { encodeKey } from '../store/key.js';
import { turnMarkId } from '../thread/parse-entry.js';
import type { Thread } from '../thread/thread.js';
import type { TokenCounter } from '../tokens/counter.js';
import { estimateCounter } from '../tokens/estimate.js';
import { createTokenLedger } from '../tokens/ledger.js';
import { alignHistory, branchName } from './align.js';
import type { Shares } from './budget.js';
import { openTurn } from './open-turn.js';
import type { Turn } from './turn.js';

export interface WithMemoryOptions {
  /** The thread, or how to find it for one call, for example by `options.scope`. */
  readonly thread: Thread | ((options: CallOptions) => Thread);
  /** @default `window()` alone */
  readonly memory?: readonly Memory[];
  /**
   * `new`: the caller sends only what is new. `whole`: the caller sends the whole history every time (AI SDK, OpenAI
   * clients); it is aligned with the log and only what is new is stored.
   * @default 'new'
   */
  readonly input?: 'new' | 'whole';
  /** With `whole`, where the history that was sent is not a continuation: `DivergedError`, or a fork named by its content. @default 'error' */
  readonly onDiverged?: 'error' | 'fork';
  readonly agentId?: string;
  /** Tokens. @default the model's; required where that is unknown */
  readonly contextWindow?: number;
  readonly shares?: Shares;
  /** @default an estimate with an error bar */
  readonly counter?: TokenCounter;
  readonly onEvent?: OnEvent;
  readonly clock?: Clock;
  readonly randomId?: () => string;
  /** How long the mark of a failed turn may take. @default 5000 */
  readonly closeTimeoutMs?: number;
}

export interface ModelWithMemory extends ChatModel {
  /** Resolves when every memory has learned from the turns that are finished. */
  flush(): Promise<void>;
}

/**
 * A model that remembers. System messages of a request are instructions and are not stored. A request that begins
 * with tool results goes on with the open turn that made the calls; any other request ends such a turn.
 * INVARIANT: `finish` is seen only after the turn is durable; an answer that fails, is aborted or is left early
 * leaves nothing that anybody sees.
 *
 * @example
 * const chat = withMemory(openai('gpt-5-mini'), { thread: openThread({ store, key: ['chat', 'anna'] }) });
 * await chat.generate({ messages: [createMessage({ role: 'user', content: 'My dog is called Rex.' })] });
 */
export function withMemory(model: ChatModel, options: WithMemoryOptions): ModelWithMemory {
  const { thread: given, input: mode = 'new', onDiverged = 'error', ...rest } = options;
  const background = new Set<Promise<void>>();
  const ledger = createTokenLedger(rest.counter ?? estimateCounter);

  async function* stream(
    request: ChatRequest,
    call: CallOptions,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    const { turn, thread, results } = await begin(request, call);
    let saved = false;
    let reason = 'abandoned';
    try {
      if (results.length > 0) await turn.commit(results);
      const { messages, ...settings } = request;
      const prompt = await turn.request({ ...settings, instructions: messages.filter(isInstruction) });
      const scope = {
        thread: thread.key,
        turnId: turn.id,
        ...(rest.agentId === undefined ? {} : { agentId: rest.agentId }),
      };
      for await (const event of model.stream(prompt, { ...call, scope })) {
        if (event.type !== 'finish') {
          yield event;
          continue;
        }
        const response = await save(turn, event.response);
        saved = true;
        yield { type: 'finish', response };
        return;
      }
      throw truncated();
    } catch (error) {
      reason = ModelError.isInstance(error)
        ? error.kind
        : LociError.isInstance(error)
          ? error.code
          : 'failed';
      throw error;
    } finally {
      if (!saved) await turn.fail(reason);
    }
  }

  async function save(turn: Turn, response: Parameters<Turn['answer']>[0]) {
    try {
      const stored = await turn.answer(response);
      await (stored.message.content.some((part) => part.type === 'tool-call')
        ? turn.suspend()
        : turn.complete());
      return stored;
    } catch (error) {
      throw new TurnNotSavedError(turn.id, response, error);
    }
  }

  async function begin(
    request: ChatRequest,
    call: CallOptions,
  ): Promise<{ turn: Turn; thread: Thread; results: readonly Message[] }> {
    call.signal?.throwIfAborted();
    const sent = checkMessages(request.messages).filter((message) => !isInstruction(message));
    const start = typeof given === 'function' ? given(call) : given;
    const { thread, input, turnId } =
      mode === 'whole' ? await findBranch(start, sent) : { thread: start, input: sent, turnId: undefined };
    const results = input[0]?.role === 'tool' ? input : [];
    const continued = results.length > 0 ? (turnId ?? (await findOpenTurn(thread, results))) : undefined;
    await supersede(thread, continued);
    const turn = await openTurn({
      ...rest,
      ledger,
      thread,
      traits: model.traits,
      model,
      ...(call.signal ? { signal: call.signal } : {}),
      ...(continued === undefined ? { input } : { turnId: continued }),
      background(work) {
        const tracked = work.finally(() => background.delete(tracked));
        background.add(tracked);
      },
    });
    return { turn, thread, results };
  }

  /** The thread that what was sent continues: the one given, or a fork of it named by where the histories part. */
  async function findBranch(start: Thread, sent: readonly Message[]) {
    let thread = start;
    for (;;) {
      const { added, turnId, common, boundary } = await alignHistory(thread, sent);
      if (added) return { thread, input: added, turnId };
      if (onDiverged === 'error') throw new DivergedError(thread.key, common);
      const fork = start.sibling([...start.key, 'fork', branchName(sent, common + 1)]);
      if (encodeKey(fork.key) === encodeKey(thread.key)) throw new DivergedError(thread.key, common);
      await copyOnce(thread, boundary, fork);
      quiet(rest.onEvent)({ type: 'thread-forked', thread: fork.key, turnId: '', from: thread.key });
      thread = fork;
    }
  }

  /** Ends turns that wait for tool results which will not come; one that somebody runs is left alone. */
  async function supersede(thread: Thread, continued: string | undefined): Promise<void> {
    const now = (rest.clock ?? { now: Date.now }).now();
    for (const { turnId, leaseUntil } of await thread.openTurns()) {
      if (turnId === continued || leaseUntil > now) continue;
      const data = { state: 'failed', reason: 'superseded' } as const;
      await thread.append([{ id: turnMarkId(turnId, 'end'), version: 1, turnId, kind: 'turn', data }]);
    }
  }

  const { provider, modelId, traits } = model;
  return Object.freeze({
    ...defineModel({ provider, modelId, traits, stream }),
    async flush() {
      while (background.size > 0) await Promise.all(background);
    },
  });
}

async function findOpenTurn(thread: Thread, results: readonly Message[]): Promise<string> {
  const answered = new Set(
    results.flatMap((message) =>
      message.content.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : [])),
    ),
  );
  const found = (await thread.openTurns()).findLast((turn) =>
    turn.pendingCalls.some((id) => answered.has(id)),
  );
  if (!found) throw new TurnTakenError('', 'unknown');
  const missing = found.pendingCalls.filter((id) => !answered.has(id));
  if (missing.length > 0)
    throw new InvalidInputError('messages', `lack the results of ${missing.length} tool calls`);
  return found.turnId;
}

async function copyOnce(from: Thread, seq: number, to: Thread): Promise<void> {
  if (seq === 0 || (await to.view()).seq > 0) return;
  try {
    await from.fork(seq, to.key);
  } catch (error) {
    // Another call made the same branch in the same moment, from the same content.
    if (!ConflictError.isInstance(error)) throw error;
  }
}

function checkMessages(messages: readonly Message[]): readonly Message[] {
  try {
    list(checkMessage)(messages, 'messages');
    return messages;
  } catch (error) {
    throw error instanceof Mismatch ? new InvalidInputError(error.path, error.reason) : error;
  }
}

function isInstruction(message: Message): boolean {
  return message.role === 'system';
}
