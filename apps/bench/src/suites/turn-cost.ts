import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createMemoryStore, createMessage, type Memory, openThread, type Store } from '@loci/core';
import { window, withMemory } from '@loci/core/turn';
import { compaction } from '@loci/memory-compaction';
import { createSqliteStore } from '@loci/stores-sqlite';
import { alternate, median, medianRatio, type Probe } from '../measure.js';
import { measurePeers } from '../peers/turn-peers.js';
import type { Check, Row, Suite } from '../suite.js';
import { buildThread, question } from './build-thread.js';
import { constantModel } from './constant-model.js';
import { counted, type Written } from './counted-store.js';

const lengths = [1000, 10_000, 100_000] as const;
const [shortest, longest] = [1000, 100_000];
/** Turns that are timed together: whole cycles of both history memories, which cut every ten turns. */
const block = 20;
const rounds = 25;
const key = ['bench', 'thread'];

const summary = '## Facts\n- Questions were asked, and each of them was answered.';
/** Compaction goes on where the window was. */
const memories: readonly (readonly [string, () => Memory])[] = [
  ['window', () => window()],
  [
    'compaction',
    () =>
      compaction({
        summaryModel: constantModel(summary),
        trigger: { messages: 40 },
        preserveLastMessages: 20,
      }),
  ],
];

/** One history of one length in one store. */
interface Subject {
  readonly kind: string;
  readonly length: number;
  /** A store that nobody has used yet, over the same data. */
  readonly open: () => Store;
  readonly close: (store: Store) => Promise<unknown>;
  /** The file of the store; undefined where there is none. */
  readonly file: string | undefined;
}

export const turnCost: Suite = {
  name: 'turn-cost',
  measures: 'the cost of a turn and what it writes, at 1,000, 10,000 and 100,000 messages, warm and cold',
  async run({ peers, progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'loci-bench-'));
    try {
      const subjects: Subject[] = [];
      const rows: Row[] = [];
      const checks: Check[] = [];
      for (const length of lengths) {
        for (const make of [inMemory, onSqlite('process'), onSqlite('disk')]) {
          const subject = make(folder, length);
          progress(`${subject.kind}: building ${length} messages`);
          rows.push(...(await build(subject)));
          subjects.push(subject);
        }
      }
      for (const [name, make] of memories) {
        for (const [kind, own] of Map.groupBy(subjects, (subject) => subject.kind)) {
          progress(`${kind}: warm and cold turns with ${name}`);
          const measured = await measureKind(own, name, make);
          rows.push(...measured.rows);
          checks.push(...measured.checks);
        }
      }
      if (peers) rows.push(...(await measurePeers(lengths, progress)));
      return { rows, checks };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function inMemory(_folder: string, length: number): Subject {
  const store = createMemoryStore();
  return { kind: 'memory', length, open: () => store, close: async () => undefined, file: undefined };
}

function onSqlite(durability: 'process' | 'disk') {
  return (folder: string, length: number): Subject => {
    const file = join(folder, `${durability}-${length}.db`);
    const twin = join(folder, `process-${length}.db`);
    if (existsSync(twin)) copyFileSync(twin, file);
    return {
      kind: `sqlite, durability ${durability}`,
      length,
      open: () => createSqliteStore({ path: file, durability }),
      close: (store) => store.close(),
      file,
    };
  };
}

/** A chat on a thread that this process has not seen. */
function openChat(store: Store, memory: Memory) {
  const thread = openThread({ store, key });
  return { thread, chat: withMemory(constantModel(question(1)), { thread, memory: [memory] }) };
}

/** Asks, answers and stores both messages; then reads the newest twenty, as a page of the chat would. */
async function takeTurn({ thread, chat }: ReturnType<typeof openChat>): Promise<void> {
  await chat.generate({ messages: [createMessage({ role: 'user', content: question(0) })] });
  const newest = (await thread.view()).messages.slice(-20);
  if (newest.length !== 20) throw new Error('The newest twenty messages are not there.');
}

/** Fills the store unless it is a copy, takes the first turn after that, and enough others for the window to be in its cycle. */
async function build({ kind, length, open, close }: Subject): Promise<Row[]> {
  const store = open();
  const copied = (await store.logs.head(key)) !== undefined;
  const started = performance.now();
  if (!copied) await buildThread(openThread({ store, key }), length);
  const built = performance.now();
  const session = openChat(store, window());
  await takeTurn(session);
  const first = performance.now();
  for (let turn = 0; turn < block; turn++) await takeTurn(session);
  await close(store);
  if (copied) return [];
  return [
    {
      table: 'a history that comes at once, as from an import',
      store: kind,
      messages: length,
      'ms to append it': built - started,
      'ms for the first turn, which reads all of it': first - built,
    },
  ];
}

async function measureKind(subjects: readonly Subject[], name: string, make: () => Memory) {
  const warm = await alternateWarm(subjects, make);
  const cold = await alternate(
    Object.fromEntries(subjects.map((subject) => [subject.length, () => coldTurn(subject, make)])),
    rounds * 2,
  );
  const written = new Map<number, Writing>();
  for (const subject of subjects) written.set(subject.length, await measureWriting(subject, make));

  const rows = subjects.map(({ kind, length }): Row => {
    const { bytes = 0, appends = 0, cuts = 0, wal = 0 } = written.get(length) ?? {};
    return {
      table: `a turn: prepare, append two messages, read the newest twenty (history memory: ${name})`,
      store: kind,
      messages: length,
      'warm ms': median(warm[length] ?? []),
      'cold ms': median(cold[length] ?? []),
      'appends per turn': appends / block,
      'cuts per turn': cuts / block,
      'bytes per turn': bytes / block,
      'WAL bytes per turn': wal / block,
    };
  });
  const id = ['turn-cost', subjects[0]?.kind, ...(name === 'window' ? [] : [name])].join('/');
  const against = `of what it is at ${shortest.toLocaleString('en')} messages`;
  const quotient = (value: (of: Writing) => number) => {
    const [long, short] = [written.get(longest), written.get(shortest)];
    return long && short ? value(long) / value(short) : Number.NaN;
  };
  const checks: Check[] = [
    {
      id: `${id}/warm`,
      value: medianRatio(warm[longest] ?? [], warm[shortest] ?? []),
      limit: 1.3,
      unit: against,
    },
    {
      id: `${id}/cold`,
      value: medianRatio(cold[longest] ?? [], cold[shortest] ?? []),
      limit: 1.3,
      unit: against,
    },
    { id: `${id}/bytes`, value: quotient(({ bytes }) => bytes), limit: 1.05, unit: against },
  ];
  // A deeper tree touches a page or two more.
  if (subjects.some(({ file }) => file !== undefined))
    checks.push({
      id: `${id}/wal`,
      value: quotient(({ wal }) => wal),
      limit: 1.3,
      unit: against,
    });
  return { rows, checks };
}

async function alternateWarm(
  subjects: readonly Subject[],
  make: () => Memory,
): Promise<Record<number, number[]>> {
  const sessions = subjects.map((subject) => {
    const store = subject.open();
    return { subject, store, session: openChat(store, make()) };
  });
  const taken = await alternate(
    Object.fromEntries(
      sessions.map(({ subject, session }): [number, Probe] => [
        subject.length,
        async () => {
          const started = performance.now();
          for (let turn = 0; turn < block; turn++) await takeTurn(session);
          return (performance.now() - started) / block;
        },
      ]),
    ),
    rounds,
  );
  for (const { subject, store } of sessions) await subject.close(store);
  return taken;
}

/** A process that begins: opens the store and the thread, and takes one turn. */
async function coldTurn({ open, close }: Subject, make: () => Memory): Promise<number> {
  const started = performance.now();
  const store = open();
  await takeTurn(openChat(store, make()));
  const taken = performance.now() - started;
  await close(store);
  return taken;
}

/** What was written in one block of turns. */
interface Writing extends Written {
  /** Turns in which the history memory cut or compacted. */
  readonly cuts: number;
  readonly wal: number;
}

async function measureWriting(subject: Subject, make: () => Memory): Promise<Writing> {
  const store = subject.open();
  const { store: watched, written } = counted(store);
  const session = openChat(watched, make());
  // Once, so that the store is open and the file's log is there.
  await takeTurn(session);
  emptyWal(subject.file);
  const before = written();
  let cuts = 0;
  for (let turn = 0; turn < block; turn++) {
    const { shape } = await session.thread.view();
    await takeTurn(session);
    if ((await session.thread.view()).shape !== shape) cuts++;
  }
  const after = written();
  if (cuts === 0) throw new Error('The history memory did nothing in the turns that were measured.');
  const wal = subject.file === undefined ? 0 : statSync(`${subject.file}-wal`).size;
  await subject.close(store);
  return { bytes: after.bytes - before.bytes, appends: after.appends - before.appends, cuts, wal };
}

function emptyWal(file: string | undefined): void {
  if (file === undefined) return;
  const database = new DatabaseSync(file);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}
