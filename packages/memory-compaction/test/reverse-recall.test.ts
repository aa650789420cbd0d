import { createMemoryStore, createMessage, type JsonValue, openThread, type Store } from '@loci/core';
import { estimateCounter } from '@loci/core/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recallTool } from '../src/reverse/recall-tool.js';
import { chat, clearResults, messageEntry, summarise, toolChat, turnEntries } from './threads.js';

const key = ['thread'];

interface Answer {
  readonly originals: readonly { readonly id: string; readonly role: string; readonly text: string }[];
  readonly page?: number;
  readonly nextPage?: number;
  readonly note?: string;
}

/** Five turns, of which the first three are covered. */
async function prepared(store: Store = createMemoryStore()) {
  const thread = openThread({ store, key });
  await thread.append(
    turnEntries('a', toolChat('a', 'Where is the red key?', { shelf: 'the red key is here' })),
  );
  await thread.append(turnEntries('b', chat('b', 'And the red door?', 'Upstairs.')));
  await thread.append(turnEntries('c', chat('c', 'And the garden?', 'Behind the house, by the key tree.')));
  await summarise(thread, { id: 'one', cover: 8 });
  await thread.append(turnEntries('d', toolChat('d', 'What is on the desk?', 'a red key')));
  await thread.append(turnEntries('e', chat('e', 'Good night')));
  return thread;
}

const idsOf = (answer: JsonValue) => (answer as unknown as Answer).originals.map(({ id }) => id);

describe('recallTool', () => {
  it('[D8] reads what is covered page by page from the newest, word for word, and nothing that is in view', async () => {
    const tool = recallTool(await prepared());
    const answer = (await tool.run({})) as unknown as Answer;
    expect(idsOf(answer as never)).toEqual(['c.1', 'c.0', 'b.1', 'b.0', 'a.3', 'a.2', 'a.1', 'a.0']);
    expect(answer).toMatchObject({ page: 1 });
    expect(answer.nextPage).toBeUndefined();
    expect(answer.originals[0]).toEqual({
      id: 'c.1',
      role: 'assistant',
      at: '1970-01-01T00:00:00.002Z',
      text: '[assistant] Behind the house, by the key tree.',
    });
    expect(answer.originals[5]).toMatchObject({ toolCallIds: ['call-a'] });
  });

  it('[D8] finds words, those with all of them first, then with most, the newest first', async () => {
    const tool = recallTool(await prepared());
    expect(idsOf(await tool.run({ query: 'RED key' }))).toEqual(['a.2', 'a.1', 'a.0', 'c.1', 'b.0']);
    expect(await tool.run({ query: 'zebra' })).toEqual({
      originals: [],
      note: expect.stringContaining('words'),
    });
  });

  it('[D8] shows a long original around the word that was found', async () => {
    const thread = await prepared();
    const long = `${'x '.repeat(3000)}the needle${' y'.repeat(3000)}`;
    await thread.append(turnEntries('f', chat('f', long)));
    const { messages } = await thread.view();
    await summarise(thread, { id: 'two', cover: messages.length });
    const { originals } = (await recallTool(thread).run({ query: 'needle' })) as unknown as Answer;
    expect(originals[0]?.text).toMatch(/^….*x the needle y.*…$/);
    expect(originals[0]?.text.length).toBeLessThan(1300);
  });

  it('[D8] shows a long original where most of the words stand together, and not where the first of them does', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    const filler = 'An ordinary garden of words. '.repeat(200);
    const text = `The key to nothing. ${filler}The key of the garden gate is KT-4821. ${filler}`;
    await thread.append(turnEntries('a', chat('a', text, 'Good.')));
    await summarise(thread, { id: 'one', cover: 2 });
    const answer = await recallTool(thread).run({ query: 'garden gate key' });
    expect(JSON.stringify(answer)).toContain('KT-4821');
  });

  it('[D8] gives the result of a call in full, covered or cleared, over as many pages as it takes', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    const output = Array.from({ length: 900 }, (_, line) => `line ${line}: "quoted" 😀`).join('\n');
    await thread.append(turnEntries('a', toolChat('a', 'Read it', output)));
    const tool = recallTool(thread, { maxTokens: 1000 });
    expect(await tool.run({ toolCallId: 'call-a' })).toMatchObject({ originals: [] });
    await clearResults(thread, 'cleared');
    let text = '';
    let page: number | undefined = 1;
    let pages = 0;
    while (page !== undefined) {
      const answer = (await tool.run({ toolCallId: 'call-a', page })) as unknown as Answer;
      expect(estimateCounter.countText(JSON.stringify(answer))).toBeLessThanOrEqual(1000);
      for (const original of answer.originals) text += original.text;
      page = answer.nextPage;
      pages++;
    }
    expect(text).toBe(`[result of look_up] ${output}`);
    expect(pages).toBeGreaterThan(3);
    expect(await tool.run({ toolCallId: 'call-a', page: 99 })).toEqual({
      originals: [],
      note: `There is no page 99; the last one is ${pages}.`,
    });
  });

  it('[D8] keeps every page within its tokens, and the pages hold every original once', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 60 }).map((some) => some.repeat(60)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (texts) => {
        const thread = openThread({ store: createMemoryStore(), key });
        const messages = texts.map((content, index) =>
          createMessage({ id: `m${index}`, role: 'user', content: `>${content}`, createdAt: index }),
        );
        await thread.append(turnEntries('t', messages));
        await summarise(thread, { id: 'one', cover: messages.length });
        const tool = recallTool(thread, { maxTokens: 256 });
        const read = new Map<string, string>();
        for (let page: number | undefined = 1; page !== undefined; ) {
          const answer = (await tool.run({ page })) as unknown as Answer;
          expect(estimateCounter.countText(JSON.stringify(answer))).toBeLessThanOrEqual(256);
          for (const part of answer.originals) read.set(part.id, (read.get(part.id) ?? '') + part.text);
          page = answer.nextPage;
        }
        expect([...read]).toEqual(messages.map(({ id }, at) => [id, `[user] >${texts[at]}`]).toReversed());
      }),
      { numRuns: 30 },
    );
  });

  it('[D8] reads what the turn under way has covered of itself, and nothing of other open or failed turns', async () => {
    const thread = await prepared();
    const open = (turnId: string, question: string) => {
      const messages = toolChat(turnId, question, 'found');
      const [begin] = turnEntries(turnId, messages);
      return [...(begin ? [begin] : []), ...messages.map((message) => messageEntry(turnId, message))];
    };
    await thread.append(open('other', 'a secret of another turn'));
    await thread.append(
      turnEntries('failed', chat('failed', 'a secret that failed'), { state: 'failed', reason: 'x' }),
    );
    await thread.append(open('own', 'the own question'));
    const tool = recallTool(thread);
    expect(idsOf(await tool.run({ query: 'own secret' }))).toEqual([]);
    await summarise(thread, { id: 'inside', cover: 9, turnId: 'own' });
    expect(idsOf(await tool.run({ query: 'own secret' }))).toEqual(['own.1', 'own.0']);
    expect(idsOf(await tool.run({ query: 'desk' }))).toEqual(['d.1', 'd.0']);
  });

  it('[D8] [G12] never reads what was redacted or cleared away, or what is of another agent', async () => {
    const store = createMemoryStore();
    const thread = await prepared(store);
    const rewrite = () => Promise.reject(new Error('killed'));
    const broken = openThread({ store: { ...store, logs: { ...store.logs, rewrite } }, key });
    const [question, answer] = chat('f', 'a private red thing').map((message) => ({
      ...message,
      agentId: 'x',
    }));
    await thread.append(
      turnEntries(
        'f',
        [question, answer].flatMap((message) => message ?? []),
      ),
    );
    await broken.redact(['d.2']).catch(() => undefined);
    await summarise(thread, { id: 'two', cover: 100 });
    const ids = async (options = {}) => idsOf(await recallTool(thread, options).run({ query: 'red' }));
    expect(await ids()).toEqual(['f.0', 'b.0', 'a.2', 'a.1', 'a.0']);
    expect(await ids({ agentId: 'y' })).toEqual(['b.0', 'a.2', 'a.1', 'a.0']);
    await thread.redact(['a.2', 'd.2']);
    expect(await ids({ agentId: 'x' })).toEqual([]);
    const { messages } = await thread.view();
    await summarise(thread, { id: 'three', cover: messages.length });
    expect(await ids({ agentId: 'x' })).toEqual(['f.0', 'b.0', 'a.1', 'a.0']);
    const clear = await thread.clear();
    expect(await ids()).toEqual([]);
    await thread.append(turnEntries('g', chat('g', 'a new red thing')));
    await summarise(thread, { id: 'four', cover: 1 });
    expect(await ids()).toEqual(['g.0']);
    await thread.revert(clear);
    expect(await ids()).toEqual(['g.0', 'f.0', 'b.0', 'a.1', 'a.0']);
  });

  it('[D8] says so where nothing is hidden', async () => {
    const thread = openThread({ store: createMemoryStore(), key });
    await thread.append(turnEntries('a', chat('a', 'Hello')));
    expect(await recallTool(thread).run({})).toEqual({
      originals: [],
      note: 'Nothing is hidden: the whole conversation is in view.',
    });
  });

  it('[D8] tells the model what it asked wrongly, and does not throw', async () => {
    const tool = recallTool(await prepared());
    const wrong: JsonValue[] = [
      null,
      'red',
      [],
      { query: 7 },
      { query: ' ?! ' },
      { toolCallId: 7 },
      { query: 'red', toolCallId: 'call-a' },
      { page: 0 },
      { page: 1.5 },
      { page: '1' },
      { other: 1 },
    ];
    for (const input of wrong) expect(await tool.run(input)).toEqual({ error: expect.any(String) });
  });

  it('[D8] refuses options that cannot be, and stops when it is told to', async () => {
    const thread = await prepared();
    for (const maxTokens of [0, 255, 1.5, Number.NaN])
      expect(() => recallTool(thread, { maxTokens })).toThrow(expect.objectContaining({ path: 'maxTokens' }));
    expect(recallTool(thread, { name: 'look_back' })).toMatchObject({ name: 'look_back' });
    const reason = new Error('enough');
    await expect(recallTool(thread).run({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
