import { isDeepStrictEqual } from 'node:util';
import {
  type ChatModel,
  type ChatRequest,
  createMemoryStore,
  createMessage,
  type Entry,
  type EntryInput,
  groupMessages,
  type Memory,
  type Message,
  openThread,
  type Part,
  type Thread,
  type View,
} from '@loci/core';
import { countMessage, estimateCounter, withMemory } from '@loci/core/turn';
import { createTestClock, type TestClock } from '../test-clock.js';
import { adversarialSummariser, refusedMark } from './adversarial-summariser.js';
import { anyChatModel, anyProse, anyResults, anySaying } from './any-chat.js';

/** What the harness tells a compaction to do: small sizes, so that it compacts every few turns. */
export interface AdversarialSetup {
  readonly summaryModel: ChatModel;
  readonly clock: TestClock;
  readonly tokenThreshold: number;
  readonly preserveLastMessages: number;
  readonly summaryMaxTokens: number;
  readonly summaryTimeoutMs: number;
  readonly maxSummaryCalls: number;
  readonly breaker: { readonly failures: number; readonly cooldownMs: number };
  readonly preserveImages: boolean;
  readonly preserveToolCalls: boolean;
  readonly onEvent: (event: { readonly type: string; readonly id?: string }) => void;
}

export interface AdversarialChatOptions {
  readonly random: () => number;
  /** The compaction under test. */
  readonly create: (setup: AdversarialSetup) => Memory;
  readonly expand: (thread: Thread, id: string) => Promise<readonly Message[]>;
  readonly undo: (thread: Thread, id: string) => Promise<unknown>;
  /** What the vendors would refuse a request with; undefined where all of them take it. */
  readonly judge: (request: ChatRequest) => string | undefined;
  /** Passes to live through. @default 20 */
  readonly generations?: number;
}

/** What one conversation came to. */
export interface AdversarialOutcome {
  /** In sentences, each with its turn; none where everything held. */
  readonly faults: readonly string[];
  readonly turns: number;
  readonly passes: number;
  readonly summaries: number;
  readonly summariserCalls: number;
  readonly requests: number;
}

const mostTurns = 500;
const mostPassesPerRequest = 3;
const rules =
  'You are the assistant of a harbour office. Be brief, be exact, and never promise a berth to anybody.';

/**
 * A random conversation with a compaction whose summariser is an adversary. Checked after every turn: what is stored is what
 * was sent, system and pinned content stand in the prompt byte for byte, every request is legal, the summariser is not asked
 * more often than agreed, the summary keeps to its size, the turn answers, nothing refused is seen; and each pass expands to
 * its originals. At the end the last pass is undone.
 *
 * @example
 * const { faults } = await playAdversarialChat({ random: createRandom(7), create: compaction, expand, undo, judge });
 * expect(faults).toEqual([]);
 */
export async function playAdversarialChat(options: AdversarialChatOptions): Promise<AdversarialOutcome> {
  const play = new Play(options);
  while (play.passes.length < (options.generations ?? 20) && play.turns < mostTurns) await play.turn();
  await play.end();
  const { faults, turns, passes, summaries, requests, summariser } = play;
  return {
    faults,
    turns,
    passes: passes.length,
    summaries,
    requests,
    summariserCalls: summariser.deeds.length,
  };
}

class Play {
  readonly faults: string[] = [];
  /** Ids of the overlays, oldest first. */
  readonly passes: string[] = [];
  turns = 0;
  summaries = 0;
  requests = 0;
  readonly #options: AdversarialChatOptions;
  readonly #random: () => number;
  readonly #clock = createTestClock();
  readonly #thread: Thread;
  readonly #setup: AdversarialSetup;
  readonly summariser;
  readonly #chat;
  readonly #model;
  /** The content of every message that was stored, by id, as text. */
  readonly #stored = new Map<string, string>();
  /** What must be in every prompt. */
  readonly #fixed: string[] = [];
  #callsBefore = 0;
  #judged = 0;

  constructor(options: AdversarialChatOptions) {
    const { random } = options;
    this.#options = options;
    this.#random = random;
    const clock = this.#clock;
    this.#thread = openThread({ store: createMemoryStore({ clock }), key: ['chat'] });
    this.summariser = adversarialSummariser({ random, clock, timeoutMs: 60_000, good: random() });
    this.#setup = {
      summaryModel: this.summariser,
      clock,
      tokenThreshold: 1200,
      preserveLastMessages: 3,
      summaryMaxTokens: 200,
      summaryTimeoutMs: 60_000,
      maxSummaryCalls: 2 + Math.floor(random() * 6),
      breaker: { failures: 3, cooldownMs: 5000 },
      preserveImages: random() < 0.2,
      preserveToolCalls: random() < 0.8,
      onEvent: (event) => this.#note(event),
    };
    this.#model = anyChatModel(random, clock);
    this.#chat = withMemory(this.#model, {
      thread: this.#thread,
      memory: [options.create(this.#setup)],
      contextWindow: 6000,
      clock,
    });
  }

  #fault(what: string): void {
    this.faults.push(`turn ${this.turns}: ${what}`);
  }

  #note({ type, id }: { readonly type: string; readonly id?: string }): void {
    const calls = this.summariser.deeds.length;
    if (type === 'compaction-started') this.#callsBefore = calls;
    if (type === 'compaction-finished' && id !== undefined) this.passes.push(id);
    if (/-(?:finished|failed|skipped)$/.test(type) && calls - this.#callsBefore > this.#setup.maxSummaryCalls)
      this.#fault(`${calls - this.#callsBefore} calls of the summariser in one pass`);
  }

  async turn(): Promise<void> {
    this.turns++;
    await this.#prepareThread();
    const usesTools = this.#random() < 0.4;
    const content = [
      ...anySaying(this.#random),
      ...(usesTools ? [{ type: 'text', text: 'use tools' } as const] : []),
    ];
    // What is pinned in a turn that nobody ends is in no view.
    const isPinned = !usesTools && this.#random() < 0.03;
    if (isPinned) this.#fixed.push(JSON.stringify(content));
    let answer = await this.#say([createMessage({ role: 'user', content, pinned: isPinned })]);
    // Some turns are left before the tools have answered.
    for (let round = 0; answer && round < 4 && hasCalls(answer) && this.#random() < 0.9; round++)
      answer = await this.#say(anyResults(this.#random, answer));
    await this.#chat.flush();
    await this.#clock.advance(this.#random() * 6000);
    await this.#checkThread();
  }

  /** Rules and pins come in between turns. */
  async #prepareThread(): Promise<void> {
    if (this.#fixed.length > 8 || this.#random() > 0.05) return;
    const id = `rule-${this.turns}`;
    const data = createMessage({ id, role: 'system', content: `Rule ${id}: ${anyProse(this.#random, 1)}` });
    const entry: EntryInput = { id, version: 1, kind: 'message', data };
    await this.#thread.append([entry]);
    this.#stored.set(id, JSON.stringify(data.content));
    this.#fixed.push(JSON.stringify(data.content));
  }

  async #say(sent: readonly Message[]): Promise<Message | undefined> {
    const system = createMessage({ id: 'rules', role: 'system', content: rules });
    const passes = this.passes.length;
    const calls = this.summariser.deeds.length;
    const { seq } = await this.#thread.view();
    try {
      const { message } = await this.#chat.generate({ messages: [system, ...sent] });
      await this.#checkStored(seq, [...sent, message]);
      this.#checkRequest(system);
      for (const id of this.passes.slice(passes)) await this.#checkPass(id);
      if (this.summariser.deeds.length - calls > this.#setup.maxSummaryCalls * mostPassesPerRequest)
        this.#fault('the summariser was asked more often than three passes may');
      return message;
    } catch (error) {
      this.#fault(`the turn did not answer: ${String(error)}`);
      return undefined;
    }
  }

  async #checkStored(seq: number, said: readonly Message[]): Promise<void> {
    const contents: string[] = [];
    for await (const entry of this.#thread.entries({ from: seq + 1 })) {
      if (entry.kind !== 'message') continue;
      contents.push(JSON.stringify(entry.data.content));
      this.#stored.set(entry.id, JSON.stringify(entry.data.content));
    }
    if (
      !isDeepStrictEqual(
        contents,
        said.map(({ content }) => JSON.stringify(content)),
      )
    )
      this.#fault('what is stored is not what was sent');
  }

  #checkRequest(system: Message): void {
    const request = this.#model.requests.at(-1) as ChatRequest;
    const contents = new Set(request.messages.map(({ content }) => JSON.stringify(content)));
    for (const fixed of [JSON.stringify(system.content), ...this.#fixed])
      if (!contents.has(fixed)) this.#fault(`the prompt lacks ${fixed.slice(0, 60)}`);
    if (JSON.stringify(request).includes(refusedMark)) this.#fault('the prompt holds what was refused');
    if (groupMessages(request.messages).some(({ complete }) => !complete))
      this.#fault('the prompt holds a call without its result, or a result without its call');
    const own = this.summariser.requests.slice(this.#judged);
    // Between passes a prompt only grows at its end: a sample is enough.
    const isNew = own.length > 0 || this.#random() < 0.25;
    for (const one of isNew ? [request, ...own.slice(-1)] : []) {
      const refusal = this.#options.judge(one);
      if (refusal !== undefined) this.#fault(`a request was refused: ${refusal}`);
      this.requests++;
    }
    this.#judged = this.summariser.requests.length;
  }

  async #checkPass(id: string): Promise<void> {
    for await (const entry of this.#thread.entries({ reverse: true, limit: 20 })) {
      if (entry.id !== id || entry.kind !== 'overlay') continue;
      if (JSON.stringify(entry.data).includes(refusedMark)) this.#fault('the overlay holds what was refused');
      const details = entry.data.details as unknown as {
        readonly covered: readonly string[];
        readonly action: string;
      };
      if (details.action === 'summary') this.summaries++;
      const expanded = await this.#options.expand(this.#thread, id);
      const found = expanded.map((message) => [message.id, JSON.stringify(message.content)]);
      const wanted = details.covered.map((one) => [one, this.#stored.get(one)]);
      if (!isDeepStrictEqual(found, wanted)) this.#fault('a pass does not expand to its originals');
      return;
    }
    this.#fault('a pass that was told is not in the log');
  }

  async #checkThread(): Promise<void> {
    const { summary, kept, pinned } = await this.#thread.view();
    const tokens = summary ? countMessage(estimateCounter, summary) : 0;
    if (tokens > this.#setup.summaryMaxTokens) this.#fault(`the summary has ${tokens} tokens`);
    const others = kept.filter(({ id, role }) => !pinned.has(id) && role !== 'system');
    if (others.length > 2) this.#fault(`${others.length} messages stay in sight without need`);
  }

  /** Everything once more, and the way back. */
  async end(): Promise<void> {
    const { undo } = this.#options;
    for await (const entry of this.#thread.entries())
      if (entry.kind === 'message' && this.#stored.get(entry.id) !== JSON.stringify(entry.data.content))
        this.#fault('a stored message was changed');
    const last = this.passes.at(-1);
    if (last === undefined) return this.#fault('nothing was compacted');
    const wanted = await this.#withoutPass(last);
    await undo(this.#thread, last);
    const now = shownOf(await this.#thread.view());
    if (!isDeepStrictEqual(now, wanted)) this.#fault('undo does not bring back the view');
  }

  /** The view before a pass, as the turn saw it that made it, with the turns that were completed since. */
  async #withoutPass(id: string) {
    const entries: Entry[] = [];
    for await (const entry of this.#thread.entries()) entries.push(entry);
    const pass = entries.findIndex((entry) => entry.id === id);
    const completed = (entry: Entry) => entry.kind === 'turn' && entry.data.state === 'completed';
    const ends = entries.slice(pass).filter(completed);
    // The turn under way, unless it failed: then its shapes count for nobody.
    const own = ends.find(({ turnId }) => entries.slice(0, pass).some((entry) => entry.turnId === turnId));
    const options = own?.turnId === undefined ? {} : { turnId: own.turnId };
    const before = shownOf(await this.#thread.at(pass).view(options));
    const since = entries.slice(pass).flatMap((entry) => {
      if (entry.kind === 'message' && entry.turnId === undefined) return [entry.data];
      if (!completed(entry)) return [];
      const of = entries.filter((one) => one.turnId === entry.turnId && (entry !== own || one.seq > pass));
      return of.flatMap((one) => (one.kind === 'message' ? [one.data] : []));
    });
    return { ...before, messages: [...before.messages, ...since.map(toShown)] };
  }
}

function shownOf({ summary, kept, messages }: View) {
  return { summary: summary?.content, kept: kept.map(toShown), messages: messages.map(toShown) };
}

function toShown({ id, content }: Message): readonly [string, readonly Part[]] {
  return [id, content];
}

function hasCalls({ content }: Message): boolean {
  return content.some(({ type }) => type === 'tool-call');
}
