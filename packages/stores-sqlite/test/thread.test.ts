import {
  createMemoryStore,
  createMessage,
  type Message,
  messageText,
  openThread,
  type Thread,
} from '@loci/core';
import { window, withMemory } from '@loci/core/turn';
import { scriptedModel } from '@loci/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { startChild } from './start-child.js';
import { temporaryFile } from './temporary-file.js';

const key = ['thread'];
const names = ['one', 'two', 'three', 'four'];
const user = (text: string) => createMessage({ role: 'user', content: text, createdAt: 0 });

/** The view without what differs between two runs. */
async function shown(thread: Thread) {
  const view = await thread.view();
  const plain = ({ role, content }: Message) => ({ role, content });
  return {
    seq: view.seq,
    kept: view.kept.map(plain),
    messages: view.messages.map(plain),
    hidden: view.shape !== null,
  };
}

async function act(thread: Thread, what: number, pick: number): Promise<void> {
  const view = await thread.view();
  const message = view.messages[pick % Math.max(1, view.messages.length)];
  if (what < 6) {
    const chat = withMemory(scriptedModel([`answer ${pick}`]), {
      thread,
      contextWindow: 8000,
      memory: [window({ keepLast: 4 })],
    });
    await chat.generate({ messages: [user(`question ${pick}`)] });
  } else if (what === 6 && message) await thread.pin(message.id, pick % 3 !== 0);
  else if (what === 7 && message) await thread.redact([message.id]);
  else if (what === 8) await thread.clear();
  else if (what === 9 && view.shape) await thread.revert(view.shape);
}

describe('a thread on SQLite', () => {
  it('shows what the same thread on the reference store shows, and after a restart', {
    timeout: 30_000,
  }, async () => {
    const step = fc.tuple(fc.nat(9), fc.nat(50));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
        const path = temporaryFile();
        const store = createSqliteStore({ path });
        const reference = openThread({ store: createMemoryStore(), key });
        const thread = openThread({ store, key });
        for (const [what, pick] of steps) {
          await act(reference, what, pick);
          await act(thread, what, pick);
        }
        expect(await shown(thread)).toEqual(await shown(reference));
        await store.close();
        const again = createSqliteStore({ path });
        expect(await shown(openThread({ store: again, key }))).toEqual(await shown(reference));
        await again.close();
      }),
      { numRuns: 20 },
    );
  });

  it('gets each of 250 appends of four processes once', { timeout: 30_000 }, async () => {
    const path = temporaryFile();
    const children = names.map((name) => startChild('thread.mjs', path, 'append', name, '250'));
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.tell('go');
    for (const child of children) expect((await child.rest()).at(-1)).toBe('done');
    const store = createSqliteStore({ path });
    const { messages, seq } = await openThread({ store, key }).view();
    expect(seq).toBe(1000);
    const expected = names.flatMap((name) => Array.from({ length: 250 }, (_, index) => `${name}-${index}`));
    expect(messages.map((message) => message.id).sort()).toEqual(expected.sort());
    await store.close();
  });

  it('applies one of four reshapes that processes try at the same instant', { timeout: 30_000 }, async () => {
    const path = temporaryFile();
    const store = createSqliteStore({ path });
    const thread = openThread({ store, key });
    for (let index = 0; index < 5; index++) await act(thread, 0, index);
    const { seq } = await thread.view();
    const children = names.map((name) => startChild('thread.mjs', path, 'reshape', name, '1'));
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.tell('go');
    const results = await Promise.all(children.map(async (child) => (await child.rest())[0]));
    expect(results.sort()).toEqual(['applied', 'stale', 'stale', 'stale']);
    expect((await thread.view()).seq).toBe(seq + 1);
    await store.close();
  });

  it('loses no acknowledged turn and has no half turn, whenever its process is killed', {
    timeout: 30_000,
  }, async () => {
    const path = temporaryFile();
    const acknowledged: string[] = [];
    for (let round = 0; round < 6; round++) {
      const child = startChild('thread.mjs', path, 'chat', `round${round}`, '1000');
      expect(await child.line()).toBe('ready');
      child.tell('go');
      for (let turn = 0; turn < 3 + round * 2; turn++) acknowledged.push((await child.line()) as string);
      child.kill();
      acknowledged.push(...(await child.rest()));
      expect((await child.ended).signal).toBe('SIGKILL');
    }
    const store = createSqliteStore({ path });
    const { messages } = await openThread({ store, key }).view();
    expect(messages.map((message) => message.role)).toEqual(
      messages.map((_, index) => (index % 2 ? 'assistant' : 'user')),
    );
    const questions = messages.filter((message) => message.role === 'user').map(messageText);
    expect(new Set(questions).size).toBe(questions.length);
    expect(questions).toEqual(expect.arrayContaining(acknowledged));
    expect(questions.length - acknowledged.length).toBeLessThanOrEqual(6);
    await store.close();
  });
});
