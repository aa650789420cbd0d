import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  createMessage,
  type EntryInput,
  type LogAppend,
  openThread,
  type Store,
  type Thread,
  type TurnState,
} from '@loci/core';
import { type ScriptedModel, scriptedModel } from '../scripted-model.js';

/** Where a process that compacts can be made to stop, so that it is killed there. */
export const crashPoints = ['before-asking', 'while-asking', 'before-append', 'after-append'] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** What the worker tells a compaction to do. */
export interface WorkerSetup {
  readonly summaryModel: ScriptedModel;
  readonly preserveLastMessages: number;
  readonly summaryMaxTokens: number;
  readonly onEvent: (event: { readonly type: string }) => void;
}

export interface ThreadWorkerOptions {
  readonly store: Store;
  readonly role: 'append' | 'compact' | 'clear';
  /** Of this process; its turns bear it. */
  readonly name: string;
  /** Stops there, and says so. @default nowhere */
  readonly stopAt?: CrashPoint | undefined;
  readonly compaction: (setup: WorkerSetup) => { compact(thread: Thread): Promise<unknown> };
}

/**
 * The program of one of several processes on one thread: it appends turns, compacts or clears until it is killed, and says
 * each thing that was acknowledged. Each line of its input names the thread to go on with; it begins with the first.
 */
export async function runThreadWorker(options: ThreadWorkerOptions): Promise<never> {
  const { role, name, stopAt } = options;
  const stop = (point: CrashPoint) => {
    if (point !== stopAt) return;
    say(`at ${point}`);
    // Nothing of this process goes on: whoever reads the line may take its time to kill it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  const store = role === 'compact' ? withStops(options.store, stop) : options.store;
  let thread: Thread | undefined;
  createInterface({ input: process.stdin }).on('line', (line) => {
    thread = openThread({ store, key: ['chat', line] });
  });
  const memory = options.compaction({
    summaryModel: scriptedModel(async (_, call) => {
      stop('while-asking');
      await pause(8);
      return `## Progress\n- Answer ${call} of ${name} tells what was said.`;
    }),
    preserveLastMessages: 4,
    summaryMaxTokens: 200,
    onEvent: ({ type }) => type === 'compaction-started' && stop('before-asking'),
  });
  say('ready');
  for (let step = 0; ; step++) {
    const now = thread;
    if (!now) await pause(1);
    else if (role === 'append') {
      await now.append(turnOf(`${name}-${step}`));
      say(`turn ${now.key.at(-1)} ${name}-${step}`);
      await pause(15);
    } else if (role === 'clear') {
      await pause(150);
      say(`clear ${now.key.at(-1)} ${await now.clear()}`);
    } else {
      // Somebody else was faster: look again.
      await memory.compact(now).catch((error: { readonly reason?: string }) => {
        if (error.reason !== 'stale') throw error;
      });
      await pause(4);
    }
  }
}

/** Synchronous, so that nothing acknowledged is lost with this process. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function withStops(store: Store, stop: (point: CrashPoint) => void): Store {
  const append: Store['logs']['append'] = async (key, entries, options) => {
    const isOverlay = options?.expect !== undefined && entries.some(isShaping);
    if (isOverlay) stop('before-append');
    const receipt = await store.logs.append(key, entries, options);
    if (isOverlay) stop('after-append');
    return receipt;
  };
  return { ...store, logs: { ...store.logs, append } };
}

function isShaping({ body }: LogAppend): boolean {
  return (body as { readonly kind?: string } | null)?.kind === 'overlay';
}

function turnOf(turnId: string): EntryInput[] {
  const mark = (id: string, data: TurnState): EntryInput => ({ id, version: 1, kind: 'turn', turnId, data });
  const message = (index: number, text: string): EntryInput => {
    const id = `${turnId}.${index}`;
    const role = index === 0 ? 'user' : 'assistant';
    return { id, version: 1, kind: 'message', turnId, data: createMessage({ id, role, content: text }) };
  };
  return [
    mark(`${turnId}.start`, { state: 'started', owner: turnId, leaseUntil: 0 }),
    message(0, `What came of ${turnId}? ${'It was asked before and nobody knew. '.repeat(6)}`),
    message(1, `Of ${turnId} came nothing. ${'It was looked for in every drawer. '.repeat(6)}`),
    mark(`${turnId}.end`, { state: 'completed' }),
  ];
}
