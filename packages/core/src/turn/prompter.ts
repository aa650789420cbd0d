import { list, Mismatch, number, optional, shape, string } from '../check.js';
import { ContextOverflowError } from '../errors/context-overflow-error.js';
import { InvalidInputError } from '../errors/invalid-input-error.js';
import { type OnEvent, quiet } from '../events.js';
import type { Budget, Contribution, Memory, MemoryContext, PromptItem, TurnCall } from '../memory/memory.js';
import { window } from '../memory/window.js';
import type { Message, Part } from '../message/message.js';
import type { ChatModel, ChatRequest, ModelTraits, Warning } from '../model/model.js';
import { encodeKey } from '../store/key.js';
import type { Thread, View } from '../thread/thread.js';
import type { TokenCounter } from '../tokens/counter.js';
import { estimateCounter } from '../tokens/estimate.js';
import { countTools, createTokenLedger, type TokenLedger } from '../tokens/ledger.js';
import { computeBudget, outputReserve, type Shares, windowOf } from './budget.js';
import { fitItems, quote, renderPrompt, trimHistory } from './render.js';
import type { TurnRequest } from './turn.js';

export interface PromptOptions {
  readonly thread: Thread;
  /** At most one of them writes the history. @default `window()` writes it */
  readonly memory?: readonly Memory[];
  readonly traits: ModelTraits;
  /** Who will be asked, for memories that ask it, too. */
  readonly model?: ChatModel;
  /** Tokens. @default the model's; required where that is unknown */
  readonly contextWindow?: number;
  readonly shares?: Shares;
  /** @default an estimate with an error bar */
  readonly counter?: TokenCounter;
  /** Of the same counter; shared by the turns of a thread, it counts each message once. @default one for this turn */
  readonly ledger?: TokenLedger;
  readonly agentId?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
}

/** What a prompt was made of, for the record of the call. */
export interface Prompt {
  readonly request: ChatRequest;
  readonly recalled: readonly string[];
  readonly shape: string | null;
  readonly warnings: readonly Warning[];
}

const item = shape({ id: string, text: string, score: optional(number), source: optional(string) });
const contribution = shape({ state: optional(list(item)), recalled: optional(list(item)) });

/** The asking half of a turn: runs the memories, keeps to the budget, renders. */
export function createPrompter(options: PromptOptions, turnId: string) {
  const { thread, signal, traits } = options;
  const memories = checkMemories(options.memory ?? []);
  const unwritten = Object.fromEntries(
    (['state', 'recalled'] as const)
      .filter((section) => !memories.some(({ writes }) => writes.includes(section)))
      .map((section) => [section, 0]),
  );
  const contextWindow = windowOf(traits, options.contextWindow);
  const counter = options.counter ?? estimateCounter;
  const ledger = options.ledger ?? createTokenLedger(counter);
  const report = quiet(options.onEvent);
  const about = { thread: thread.key, turnId };
  const agent = options.agentId === undefined ? {} : { agentId: options.agentId };
  let fixed: { readonly parts: readonly Part[]; readonly recalled: readonly string[] } | undefined;

  let call: TurnCall | undefined;

  const contextFor = (budget: Budget, view: () => Promise<View>): MemoryContext =>
    Object.freeze({
      thread,
      turnId,
      agentId: options.agentId,
      budget,
      call,
      countTokens: ledger.count,
      signal,
      view,
    });

  async function prepare(
    memory: Memory,
    own: readonly Message[],
    view: View,
    context: MemoryContext,
  ): Promise<Contribution> {
    try {
      const given = await stopWaiting(memory.prepare(own, view, context), signal);
      contribution(given, memory.name);
      const only = (section: 'state' | 'recalled') =>
        memory.writes.includes(section) ? { [section]: given[section] ?? [] } : {};
      return { ...only('state'), ...only('recalled') };
    } catch (caught) {
      signal?.throwIfAborted();
      const error = caught instanceof Mismatch ? new InvalidInputError(caught.path, caught.reason) : caught;
      report({ ...about, type: 'memory-failed', memory: memory.name, phase: 'prepare', error });
      return {};
    }
  }

  function fix(contributions: readonly Contribution[], view: View, budget: Budget) {
    const visible = new Set([...view.kept, ...view.messages].map((message) => message.id));
    const choose = (section: 'state' | 'recalled', items: readonly PromptItem[]) => {
      const { chosen, dropped } = fitItems(items, budget[section], counter.countText);
      if (dropped.length > 0) report({ ...about, type: 'items-dropped', section, ids: dropped });
      return chosen;
    };
    const hidden = contributions
      .flatMap((given) => given.recalled ?? [])
      .filter(({ source }) => source === undefined || !visible.has(source));
    const recalled = choose('recalled', hidden).toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
    const state = choose(
      'state',
      contributions.flatMap((given) => given.state ?? []),
    );
    const texts = (items: readonly PromptItem[]) => items.map(({ text }) => text);
    return {
      parts: [...quote('recalled', texts(recalled)), ...quote('state', texts(state))],
      recalled: recalled.map(({ id }) => id),
    };
  }

  return {
    /** `own` are the turn's messages that the thread does not have yet; `view` reads what it has. */
    async prompt(
      base: TurnRequest,
      unstored: readonly Message[],
      look: () => Promise<View>,
    ): Promise<Prompt> {
      const { instructions = [], ...rest } = base;
      const { tools = [] } = base;
      const { errorRatio } = counter;
      await counter.load();
      const fixedTokens = countTools(counter, tools) + sum(instructions, ledger.count);
      const { available, ...budget } = computeBudget({
        contextWindow,
        outputTokens: outputReserve(contextWindow, traits, base.maxOutputTokens),
        fixedTokens,
        errorRatio,
        shares: { ...options.shares, ...unwritten },
      });
      call = { instructions, tools, contextWindow, fixedTokens, available, errorRatio, model: options.model };
      const context = contextFor(budget, look);
      const before = await look();
      const own = Object.freeze([...before.open, ...unstored]);
      const asked = fixed ? memories.filter((memory) => memory.writes.includes('history')) : memories;
      const contributions = await Promise.all(asked.map((memory) => prepare(memory, own, before, context)));
      const view = await look();
      fixed ??= fix(contributions, view, budget);

      const { head, history, turn } = renderPrompt({
        instructions,
        view,
        own: [...view.open, ...unstored],
        quoted: fixed.parts,
      });
      const needed = sum(head.slice(instructions.length), ledger.count) + sum(turn, ledger.count);
      const excess = needed + sum(history, ledger.count) - available;
      const fitted = trimHistory(history, excess, ledger.count, view.pinned);
      if (fitted.missing > 0) throw new ContextOverflowError(available + fitted.missing, available);
      if (fitted.dropped > 0) report({ ...about, type: 'history-trimmed', messages: fitted.dropped });
      const stable = [...head, ...fitted.messages];
      // What is quoted is in the prompts of this turn alone: before its first step it would be cached for nothing.
      const again = fixed.parts.length === 0 || turn.length > 1 ? turn.at(-1)?.id : undefined;
      const prefixEnds = [...new Set([instructions.at(-1)?.id, stable.at(-1)?.id, again])].filter(
        (id) => id !== undefined,
      );
      return {
        request: {
          cache: { affinityKey: encodeKey(thread.key), prefixEnds },
          ...rest,
          messages: [...stable, ...turn],
        },
        recalled: fixed.recalled,
        shape: view.shape,
        warnings: fitted.dropped > 0 ? [trimmed(fitted.dropped)] : [],
      };
    },
    /** Lets every memory learn from the finished turn, at the same time. Never rejects. */
    async observe(messages: readonly Message[], look: () => Promise<View>): Promise<void> {
      const context = contextFor({ history: 0, state: 0, recalled: 0 }, look);
      const turn = Object.freeze({ id: turnId, messages: Object.freeze([...messages]), ...agent });
      await Promise.all(
        memories.map(async (memory) => {
          try {
            await memory.observe(turn, context);
          } catch (error) {
            report({ ...about, type: 'memory-failed', memory: memory.name, phase: 'observe', error });
          }
        }),
      );
    },
  };
}

function checkMemories(given: readonly Memory[]): Memory[] {
  const writers = given.filter((memory) => memory.writes.includes('history'));
  if (writers.length > 1) {
    const names = writers.map((memory) => memory.name).join(', ');
    throw new InvalidInputError('memory', `lets ${names} write the history, and only one can`);
  }
  if (new Set(given.map((memory) => memory.name)).size < given.length)
    throw new InvalidInputError('memory', 'has two memories of one name');
  const all = writers.length === 0 ? [...given, window()] : [...given];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sum(messages: readonly Message[], count: (message: Message) => number): number {
  return messages.reduce((total, message) => total + count(message), 0);
}

function trimmed(messages: number): Warning {
  return {
    code: 'history-trimmed',
    message: `${messages} old messages did not fit into the context window and were left out.`,
  };
}

async function stopWaiting<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
