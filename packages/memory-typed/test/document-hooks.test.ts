import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openMemory } from '../src/index.js';
import {
  alertWhenLong,
  type Conversation,
  conversation,
  logToFile,
  summarizeWhenOld,
} from './document-hooks.js';
import { stores } from './stores.js';
import { temporaryFile } from './temporary-file.js';

describe.each(stores)('on %s', (_, createStore) => {
  it('[A3] the three hooks of the document: log to a file, alert at 100, summarise at 200', async () => {
    const initial: Conversation = { summary: '', messages: [] };
    const memory = openMemory({ schema: conversation, initial, store: createStore(), key: ['support'] });
    const path = temporaryFile('memory-changes.log');
    const alerts: number[] = [];
    memory.onChange(logToFile(path, 'Support', () => new Date(0)));
    memory.onChange(alertWhenLong((count) => alerts.push(count)));
    memory.onChange(
      summarizeWhenOld(memory, async (summary, messages) => {
        const [first, last] = [messages[0], messages.at(-1)];
        return `${summary}${first?.content} to ${last?.content}. `;
      }),
    );
    for (let index = 1; index <= 260; index++) {
      await memory.update((draft) => draft.messages.push({ role: 'user', content: `message ${index}` }));
      await memory.flush();
    }
    const { summary, messages } = await memory.get();
    expect(summary).toBe('message 1 to message 151. ');
    expect(messages.map(({ content }) => content)).toEqual(
      Array.from({ length: 109 }, (_unused, index) => `message ${152 + index}`),
    );
    expect(alerts).toEqual([101, 101]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(261);
    expect(lines[0]).toBe('1970-01-01T00:00:00.000Z: agent Support memory updated (add /messages/0)');
  });
});
