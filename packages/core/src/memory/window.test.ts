import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, result, scripted, user } from '../../test/models.js';
import { groupMessages } from '../message/groups.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openThread } from '../thread/open-thread.js';
import { withMemory } from '../turn/with-memory.js';
import { window } from './window.js';

const key = ['t'];
const tools = [{ name: 'look', description: '', inputSchema: {} }];

describe('window', () => {
  it('never splits a group, keeps what is pinned, and begins where a user speaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 5, maxLength: 25 }),
        fc.integer({ min: 4, max: 9 }),
        async (turns, keepLast) => {
          const thread = openThread({ store: createMemoryStore(), key });
          const model = scripted((request) =>
            request.messages.at(-1)?.role === 'tool' || !request.tools
              ? 'ok'
              : [call(`c${model.asked.length}`)],
          );
          const chat = withMemory(model, { thread, memory: [window({ keepLast })] });
          for (const [index, usesTool] of turns.entries()) {
            const question = { ...user(`question ${index}`), pinned: index === 1 };
            const { message } = await chat.generate({ messages: [question], ...(usesTool ? { tools } : {}) });
            const [part] = message.content;
            if (part?.type === 'tool-call')
              await chat.generate({ messages: [result(part.toolCallId)], tools });
          }
          for (const { messages } of model.asked)
            expect(
              groupMessages(messages.slice(0, -1)).filter((group) => !group.complete).length,
            ).toBeLessThan(2);
          const view = await thread.view();
          expect(groupMessages(view.messages).every((group) => group.complete)).toBe(true);
          expect(view.messages[0]?.role).toBe('user');
          expect(view.messages.length).toBeLessThanOrEqual(keepLast * 1.5 + 4);
          expect(JSON.stringify([...view.kept, ...view.messages])).toContain('question 1"');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cuts once for many turns, so that the prompt keeps its beginning', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    const model = scripted();
    const chat = withMemory(model, { thread, memory: [window({ keepLast: 20 })] });
    for (let turn = 0; turn < 100; turn++) await chat.generate({ messages: [user(`question ${turn}`)] });
    const beginnings = new Set(model.asked.map(({ messages }) => JSON.stringify(messages[0])));
    expect(beginnings.size).toBeLessThan(22);
    expect(Math.max(...model.asked.map(({ messages }) => messages.length))).toBeLessThanOrEqual(32);
  });

  it('cuts by tokens where messages are long', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    const model = scripted(() => 'long answer '.repeat(150));
    const chat = withMemory(model, { thread, contextWindow: 3000 });
    for (let turn = 0; turn < 12; turn++) await chat.generate({ messages: [user('go on')] });
    expect((await thread.view()).messages.length).toBeLessThan(12);
    expect((await thread.view()).shape).not.toBeNull();
  });

  it('refuses options that cannot be', () => {
    expect(() => window({ keepLast: -1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path: 'keepLast' }),
    );
    expect(() => window({ slack: 0.5 })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', path: 'slack' }),
    );
  });
});
