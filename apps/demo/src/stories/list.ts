import { existsSync } from 'node:fs';
import { type Fold, messageText, openThread } from '@loci/core';
import { clip, note, print, table } from '../cli/output.js';
import type { Story } from '../cli/story.js';
import { openStore, threadPrefix } from '../wiring/store.js';

/** What all threads of the file are about, the latest first. */
export const list: Story = {
  name: 'list',
  about: 'show all threads with their first words',
  options: ['file'],
  details: ['The latest thread comes first. Messages of turns that were stopped or failed do not count.'],
  async run({ file }) {
    if (!existsSync(file)) {
      note(`There are no threads yet: ${file} does not exist. Begin one with: npm run demo`);
      return 0;
    }
    const store = openStore(file);
    try {
      const rows: { readonly at: number; readonly cells: readonly string[] }[] = [];
      for await (const { key, updatedAt } of store.logs.list(threadPrefix)) {
        const { messages, firstWords } = await openThread({ store, key }).fold(summary);
        const cells = [clip(key.at(-1) ?? '', 30), String(messages), toTime(updatedAt), clip(firstWords, 50)];
        rows.push({ at: updatedAt, cells });
      }
      if (rows.length === 0) note(`There are no threads in ${file} yet. Begin one with: npm run demo`);
      else note(file);
      const sorted = rows.toSorted((a, b) => b.at - a.at).map(({ cells }) => cells);
      const head = ['THREAD', 'MESSAGES', 'LAST ACTIVITY', 'FIRST WORDS'];
      if (rows.length > 0) print(`${table([head, ...sorted]).join('\n')}\n`);
      return 0;
    } finally {
      await store.close();
    }
  },
};

interface Summary {
  messages: number;
  firstWords: string;
  /** What turns have said that have not ended, by turn. */
  readonly open: Map<string, string[]>;
}

const summary: Fold<Summary> = {
  name: 'demo/summary',
  initial: () => ({ messages: 0, firstWords: '', open: new Map() }),
  apply(state, { turnId = '', ...entry }) {
    const texts = state.open.get(turnId) ?? [];
    if (entry.kind === 'message') state.open.set(turnId, [...texts, messageText(entry.data)]);
    if (entry.kind !== 'turn' || !/completed|failed/.test(entry.data.state)) return state;
    state.open.delete(turnId);
    if (entry.data.state === 'failed') return state;
    state.messages += texts.length;
    state.firstWords ||= texts[0] ?? '';
    return state;
  },
};

/** In local time, to the minute. */
function toTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
