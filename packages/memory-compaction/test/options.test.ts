import { createMessage, messageText, type Part, type View } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { type CompactionOptions, compaction } from '../src/index.js';
import { filler, open, openChat, said, summariser } from './support.js';

const picture: Part = { type: 'image', mediaType: 'image/png', data: 'aGVsbG8', name: 'chart.png' };

/** Twelve turns with tools and a picture in the old and in the new part, and a system message; then one compaction. */
async function compacted(options: CompactionOptions) {
  const model = summariser('- The user asked for measurements.');
  const thread = open();
  const rules = createMessage({ id: 'rules', role: 'system', content: 'Answer in metres.' });
  await thread.append([{ id: rules.id, version: 1, kind: 'message', data: rules }]);
  const chat = openChat([], { thread });
  for (let turn = 0; turn < 12; turn++) {
    if (turn % 4 === 3) await chat.useTool(`where ${turn}`, `Output ${turn}: ${filler}`);
    else if (turn === 1 || turn === 10) await chat.say([{ type: 'text', text: `Look ${turn}` }, picture]);
    else await chat.say(`Question ${turn}: ${filler}`);
  }
  const memory = compaction({ summaryModel: model, preserveLastMessages: 6, ...options });
  const before = await thread.view();
  const result = await memory.compact(thread);
  return { view: await thread.view(), before, model, result, memory, thread };
}

const parts = ({ kept, messages }: View) => [...kept, ...messages].flatMap(({ content }) => content);
const has = (view: View, type: Part['type']) => parts(view).some((part) => part.type === type);
const summaryText = ({ summary }: View) => (summary ? messageText(summary) : '');

describe('options', () => {
  it('[D2] enabled: without it a turn compacts nothing', async () => {
    for (const enabled of [true, false]) {
      const model = summariser();
      const memory = compaction({
        enabled,
        summaryModel: model,
        tokenThreshold: 500,
        preserveLastMessages: 2,
      });
      const { say, thread } = openChat(memory);
      for (let turn = 0; turn < 6; turn++) await say(`${turn} ${filler}`);
      expect((await thread.view()).summary !== undefined).toBe(enabled);
      expect(model.requests.length > 0).toBe(enabled);
    }
  });

  it('[D2] tokenThreshold: compacts where the prompt has so many tokens, and not one token earlier', async () => {
    const exact = {
      name: 'letters',
      errorRatio: 0,
      load: () => Promise.resolve(),
      countText: (text: string) => text.length,
    };
    const compacts = async (tokenThreshold: number) => {
      const memory = compaction({ summaryModel: summariser(), tokenThreshold, preserveLastMessages: 1 });
      const { say, thread } = openChat(memory, { counter: exact });
      await say('a'.repeat(1000));
      await say('b'.repeat(100));
      return (await thread.view()).summary !== undefined;
    };
    // Two questions, the first answer, and four tokens around each message.
    const size = 1000 + 'Answer 1.'.length + 100 + 3 * 4;
    expect(await compacts(size)).toBe(true);
    expect(await compacts(size + 1)).toBe(false);
  });

  it('[D2] preserveLastMessages: so many of the newest stay, byte for byte', async () => {
    for (const preserveLastMessages of [2, 6, 10]) {
      const { view, before } = await compacted({ preserveLastMessages, preserveImages: true });
      const newest = before.messages.slice(-preserveLastMessages);
      expect(view.messages.slice(-preserveLastMessages)).toEqual(newest);
      // Whole groups from a user's message on, and no more than that.
      expect(view.messages.length).toBeLessThan(preserveLastMessages + 5);
      expect(view.messages[0]?.role).toBe('user');
    }
  });

  it('[D2] summaryMaxTokens and compressionRatio: the smaller limit wins', async () => {
    const limit = async (options: CompactionOptions) => {
      const { result, memory, thread } = await compacted(options);
      if (result.outcome !== 'applied') throw new Error('Nothing was compacted.');
      const { tokens } = result.details;
      const now = (await memory.statistics(thread)).tokens;
      expect(now).toBe(tokens.after);
      const { model } = await compacted(options);
      const asked = JSON.stringify(model.requests[0]);
      return Number(/At most (\d+) words/.exec(asked)?.[1]);
    };
    const byTokens = await limit({ summaryMaxTokens: 100, compressionRatio: 0.9 });
    const byRatio = await limit({ summaryMaxTokens: 5000, compressionRatio: 0.1 });
    const both = await limit({ summaryMaxTokens: 100, compressionRatio: 0.1 });
    const loose = await limit({ summaryMaxTokens: 5000, compressionRatio: 0.9 });
    expect(both).toBe(Math.min(byTokens, byRatio));
    expect(loose).toBeGreaterThan(Math.max(byTokens, byRatio));
    expect(byTokens).not.toBe(byRatio);
  });

  it('[D2] summaryMaxTokens: a longer summary is not taken', async () => {
    const model = scriptedModel(
      () => `## Facts\n${Array.from({ length: 300 }, (_, i) => `- fact ${i}`).join('\n')}`,
    );
    await expect(compacted({ summaryModel: model, summaryMaxTokens: 100 })).rejects.toMatchObject({
      code: 'COMPACTION',
      cause: { code: 'SUMMARY_REFUSED', reason: 'too-long' },
    });
  });

  it('[D2] preserveSystemMessages: system messages stay byte for byte, or are summarised as others are', async () => {
    const kept = await compacted({});
    expect(kept.view.kept.map(({ id }) => id)).toEqual(['rules']);
    expect(kept.view.kept[0]).toEqual(kept.before.messages[0]);
    const told = await compacted({ preserveSystemMessages: false });
    expect(told.view.kept).toEqual([]);
    expect(said(told.model.requests)).toContain('Answer in metres.');
  });

  it('[D2] preserveToolCalls: calls and results of the part that stays are in sight, or leave it together', async () => {
    const kept = await compacted({ preserveToolCalls: true });
    expect(has(kept.view, 'tool-call') && has(kept.view, 'tool-result')).toBe(true);
    const gone = await compacted({ preserveToolCalls: false });
    expect(has(gone.view, 'tool-call') || has(gone.view, 'tool-result')).toBe(false);
    expect(gone.view.messages.some(({ content }) => content.length === 0)).toBe(false);
  });

  it('[D2] preserveImages: pictures stay, or their names stand in their place', async () => {
    const kept = await compacted({ preserveImages: true });
    expect(parts(kept.view).filter(({ type }) => type === 'image')).toEqual([picture, picture]);
    const gone = await compacted({ preserveImages: false });
    expect(has(gone.view, 'image')).toBe(false);
    expect(JSON.stringify(gone.view.messages)).toContain('chart.png');
  });

  it('[D2] tags: the summary bears them', async () => {
    expect((await compacted({ tags: ['research', 'water'] })).view.summary?.tags).toEqual([
      'research',
      'water',
    ]);
    expect((await compacted({})).view.summary?.tags).toBeUndefined();
  });

  it('[D2] summaryModel: it is asked; without one the model of the turn is; with “none” nobody', async () => {
    const own = await compacted({});
    expect(own.model.requests).toHaveLength(1);
    expect(summaryText(own.view)).toContain('The user asked for measurements.');

    const turns = scriptedModel(({ messages }) =>
      messages.some((message) => messageText(message).includes('Write Markdown')) ||
      messages.some((message) => messageText(message).includes('Stop here'))
        ? '## Facts\n- Told by the model of the turn.'
        : 'Answer.',
    );
    const { say, thread } = openChat(compaction({ tokenThreshold: 600, preserveLastMessages: 2 }), {
      model: turns,
    });
    for (let turn = 0; turn < 6; turn++) await say(`${turn} ${filler}`);
    expect(summaryText(await thread.view())).toContain('Told by the model of the turn.');

    const none = await compacted({ summaryModel: 'none' });
    expect(none.result).toMatchObject({ action: 'digest' });
    expect(summaryText(none.view)).not.toBe('');
  });

  it('[D2] summaryInstructions: the summariser is told them', async () => {
    const { model } = await compacted({ summaryInstructions: 'Focus on key decisions and findings' });
    expect(said(model.requests)).toContain('Focus on key decisions and findings');
    expect(said((await compacted({})).model.requests)).not.toContain('Focus on key');
  });

  it('[D2] preset: each gives other results, and a named option wins over it', async () => {
    const of = async (options: CompactionOptions) => {
      const { preserveLastMessages: _, ...rest } = { preserveLastMessages: 0, ...options };
      const thread = open();
      const chat = openChat([], { thread });
      for (let turn = 0; turn < 40; turn++) await chat.say(`Question ${turn}: ${filler}`);
      const memory = compaction({ summaryModel: summariser(), ...rest });
      await memory.compact(thread);
      return (await thread.view()).messages.length;
    };
    const [safe, cheap, recall] = [
      await of({ preset: 'safe' }),
      await of({ preset: 'cheap' }),
      await of({ preset: 'max-recall' }),
    ];
    expect(cheap).toBeLessThan(safe);
    expect(safe).toBeLessThan(recall);
    const { view } = await compacted({ preset: 'max-recall', preserveLastMessages: 2 });
    expect(view.messages.length).toBeLessThan(7);
  });

  it('clearToolResults: the newest results stay, exempt tools too, and `false` clears none', async () => {
    const run = async (clearToolResults: NonNullable<CompactionOptions['clearToolResults']> | false) => {
      const thread = open();
      const memory = compaction({
        summaryModel: 'none',
        tokenThreshold: 3600,
        target: 0.9,
        clearToolResults,
        preserveLastMessages: 2,
      });
      const chat = openChat(memory, { thread });
      for (let turn = 0; turn < 8; turn++)
        await chat.useTool(`step ${turn}`, `${turn} ${'word '.repeat(400)}`, turn === 1 ? 'plan' : 'look');
      const view = await thread.view();
      const outputs = parts(view).flatMap((part) =>
        part.type === 'tool-result' ? [String(part.output)] : [],
      );
      return { cleared: outputs.filter((output) => output.startsWith('[cleared]')).length, outputs, view };
    };
    const two = await run({ keep: 2 });
    expect(two.cleared).toBeGreaterThan(2);
    expect(two.view.summary).toBeUndefined();
    expect(two.outputs.slice(-2).some((output) => output.startsWith('[cleared]'))).toBe(false);
    const exempt = await run({ keep: 2, exempt: ['plan'] });
    expect(exempt.outputs[1]).toContain('word');
    expect(two.outputs[1]).toContain('[cleared]');
    const none = await run(false);
    expect(none.cleared).toBe(0);
    expect(none.view.summary).toBeDefined();
  });

  it('readCleared: the summariser reads cleared results in full, or the line in their place', async () => {
    for (const readCleared of [true, false]) {
      const thread = open();
      const model = summariser();
      const memory = compaction({
        summaryModel: model,
        tokenThreshold: 3000,
        readCleared,
        clearToolResults: { keep: 1 },
        preserveLastMessages: 2,
      });
      const chat = openChat(memory, { thread });
      for (let turn = 0; turn < 8; turn++)
        await chat.useTool(`step ${turn}`, `TREASURE-${turn} ${'word '.repeat(400)}`);
      expect((await thread.view()).summary).toBeUndefined();
      await memory.compact(thread);
      expect(said(model.requests).includes('TREASURE-0 ')).toBe(readCleared);
      // The exact value is in the summary in any case: code looked for it, not the model.
      expect(summaryText(await thread.view())).toContain('TREASURE-0');
    }
  });

  it('dropReasoning: the reasoning of completed turns leaves before anything is summarised', async () => {
    const origin = { provider: 'scripted', model: 'scripted' };
    const run = async (dropReasoning: boolean) => {
      const thread = open();
      const model = scriptedModel((_request, call) => ({
        reasoning: `Thought ${call}. ${filler} ${filler}`,
        text: 'Yes.',
      }));
      const memory = compaction({
        summaryModel: 'none',
        tokenThreshold: 1500,
        dropReasoning,
        preserveLastMessages: 2,
      });
      const chat = openChat(memory, { thread, model });
      for (let turn = 0; turn < 8; turn++) await chat.say(`And ${turn}?`);
      return thread.view();
    };
    const dropped = await run(true);
    expect(dropped.summary).toBeUndefined();
    expect(dropped.messages).toHaveLength(16);
    expect(
      parts(dropped).filter((part) => part.type === 'reasoning' && part.origin.provider === origin.provider)
        .length,
    ).toBeLessThan(8);
    expect((await run(false)).summary).toBeDefined();
  });

  it.each([
    ['tokenThreshold', { tokenThreshold: 0 }],
    ['trigger', { trigger: {} }],
    ['trigger', { trigger: { tokens: 5, sometimes: true } }],
    ['trigger.messages', { trigger: { messages: 5 }, preserveLastMessages: 5 }],
    ['trigger.fraction', { trigger: { fraction: 1.5 } }],
    ['preset', { preset: 'fast' }],
    ['preserveLastMessages', { preserveLastMessages: -1 }],
    ['compressionRatio', { compressionRatio: 0 }],
    ['summaryModel', { summaryModel: 'gpt-5' }],
    ['tags', { tags: 'research' }],
    ['enabled', { enabled: 'yes' }],
  ])('an option that cannot be used is refused by its name: %s', (name, options) => {
    expect(() => compaction(options as CompactionOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(name) }),
    );
  });
});
