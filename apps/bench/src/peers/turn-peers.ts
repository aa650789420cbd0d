import { install } from '../install/install.js';
import { reasonOf } from '../install/run.js';
import { median } from '../measure.js';
import type { Row } from '../suite.js';
import { englishText } from '../texts/english.js';
import { load } from './load.js';
import { aiSdk, langGraph, type Peer } from './peers.js';

/** The little that is called of each peer; they are not installed where this is compiled. */
interface AiSdk {
  pruneMessages(options: object): unknown;
}
interface LangGraph {
  readonly MessagesAnnotation: unknown;
  readonly MemorySaver: new () => unknown;
  readonly StateGraph: new (
    state: unknown,
  ) => {
    addNode(name: string, run: () => object): unknown;
    addEdge(from: string, to: string): unknown;
    compile(options: object): {
      invoke(input: object, config: object): Promise<unknown>;
      updateState(config: object, values: object): Promise<unknown>;
    };
  };
}

const table = 'peers: what they do for a turn, warm';
const turns = 7;
/** A peer that is slow has been measured well enough by then. */
const enoughMs = 10_000;
const text = englishText(200);
const roles = ['user', 'assistant'] as const;
const history = (length: number) =>
  Array.from({ length }, (_, index) => ({ role: roles[index % 2] as string, content: text }));

const measured: readonly (readonly [string, Peer, (folder: string, length: number) => Promise<number>])[] = [
  ['AI SDK pruneMessages; stores nothing', aiSdk, measureAiSdk],
  ['LangGraph MemorySaver', langGraph, measureLangGraph],
];

/** Rows for the peers that can be installed; for the others a row says why not. */
export async function measurePeers(
  lengths: readonly number[],
  progress: (what: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, peer, measure] of measured) {
    try {
      progress(`installing ${peer.name}`);
      const folder = await install(peer.name, peer.packages);
      for (const length of lengths) {
        progress(`${what}, ${length} messages`);
        const ms = await measure(folder, length);
        rows.push({
          table,
          peer: what,
          version: peer.packages[0] ?? '',
          messages: length,
          'ms per turn': ms,
        });
      }
    } catch (error) {
      rows.push({ table: 'peers: not measured', peer: what, reason: reasonOf(error) });
    }
  }
  return rows;
}

async function measureAiSdk(folder: string, length: number): Promise<number> {
  const { pruneMessages } = await load<AiSdk>(folder, 'ai');
  const messages = history(length);
  return repeat(async () =>
    pruneMessages({
      messages,
      reasoning: 'all',
      toolCalls: 'before-last-20-messages',
      emptyMessages: 'remove',
    }),
  );
}

async function measureLangGraph(folder: string, length: number): Promise<number> {
  const { StateGraph, MessagesAnnotation, MemorySaver } = await load<LangGraph>(
    folder,
    '@langchain/langgraph',
  );
  const graph = new StateGraph(MessagesAnnotation);
  graph.addNode('model', () => ({ messages: [{ role: 'assistant', content: text }] }));
  graph.addEdge('__start__', 'model');
  const app = graph.compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: 'bench' } };
  await app.updateState(config, { messages: history(length) });
  return repeat(() => app.invoke({ messages: [{ role: 'user', content: text }] }, config));
}

async function repeat(run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  await run();
  const begun = performance.now();
  while (taken.length < turns && (taken.length === 0 || performance.now() - begun < enoughMs)) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return median(taken);
}
