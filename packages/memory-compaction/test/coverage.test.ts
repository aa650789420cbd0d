import { createMessage } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { compaction } from '../src/index.js';
import { filler, open, said, summariser } from './support.js';

/** Sixty facts, each padded with 120 words and followed by a short reply; the newest two messages are kept. */
async function sixtyFacts() {
  const thread = open();
  for (let fact = 1; fact <= 60; fact++) {
    const at = (part: string) => ({ id: `${part}-${fact}`, version: 1 as const, kind: 'message' as const });
    const user = createMessage({
      id: `fact-${fact}`,
      role: 'user',
      content: `fact ${fact}: SECRET-${fact} ${filler}`,
    });
    const reply = createMessage({ id: `reply-${fact}`, role: 'assistant', content: 'Noted.' });
    await thread.append([
      { ...at('fact'), data: user },
      { ...at('reply'), data: reply },
    ]);
  }
  return thread;
}

const secrets = Array.from({ length: 59 }, (_, index) => `SECRET-${index + 1}`);
const isIn = (text: string) => (secret: string) => new RegExp(`${secret}\\b`).test(text);

describe('coverage', () => {
  it.each([
    ['in one call', 100_000],
    ['in chunks that fit a small window', 6000],
    ['in many chunks, whose notes are made one in several steps', 4000],
  ])('[D5] the summariser sees 59 of 59 dropped facts, %s', async (_, contextWindow) => {
    const thread = await sixtyFacts();
    const model = summariser();
    const small = { ...model, traits: { ...model.traits, contextWindow } };
    const memory = compaction({
      summaryModel: small,
      preserveLastMessages: 2,
      summaryMaxTokens: 400,
      maxSummaryCalls: 40,
    });
    const result = await memory.compact(thread);
    const seen = said(model.requests);
    expect(secrets.filter(isIn(seen))).toHaveLength(59);
    expect(isIn(seen)('SECRET-60')).toBe(false);
    const view = await thread.view();
    expect(view.messages.map(({ id }) => id)).toEqual(['fact-60', 'reply-60']);
    if (result.outcome !== 'applied') throw new Error('Nothing was compacted.');
    const { covered, saw } = result.details;
    expect(covered).toHaveLength(118);
    expect(saw?.ids).toEqual(covered);
    expect(saw?.parts === 1).toBe(contextWindow === 100_000);
  });

  it('[D5] what the summariser forgets is told exactly in the table of the summary', async () => {
    const thread = await sixtyFacts();
    await compaction({ summaryModel: summariser(), preserveLastMessages: 2 }).compact(thread);
    const { summary } = await thread.view();
    expect(secrets.filter(isIn(JSON.stringify(summary)))).toHaveLength(59);
  });

  it('one message that is larger than the summariser’s window is read in pieces, to its last character', async () => {
    const thread = open();
    const long = Array.from({ length: 3000 }, (_, index) => `line-${index}-of-the-log`).join('\n');
    for (const [index, content] of [long, 'Short.', 'Newest.'].entries()) {
      const id = `m${index}`;
      await thread.append([
        { id, version: 1, kind: 'message', data: createMessage({ id, role: 'user', content }) },
      ]);
    }
    const model = summariser();
    const memory = compaction({
      summaryModel: { ...model, traits: { ...model.traits, contextWindow: 8000 } },
      preserveLastMessages: 1,
      summaryMaxTokens: 500,
      maxSummaryCalls: 40,
    });
    await memory.compact(thread);
    const seen = said(model.requests);
    expect(
      Array.from({ length: 3000 }, (_, index) => `line-${index}-of`).filter((line) => !seen.includes(line)),
    ).toEqual([]);
  });

  it('[D5] calls, results, pictures and quoted text are told with their names and values', async () => {
    const thread = open();
    const turn = [
      createMessage({
        id: 'a',
        role: 'user',
        content: [
          { type: 'text', text: 'What is on it?' },
          { type: 'image', mediaType: 'image/png', data: 'aGVsbG8gd29ybGQ', name: 'chart.png' },
        ],
      }),
      createMessage({
        id: 'b',
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'measure', input: { axis: 'y-17' } }],
      }),
      createMessage({
        id: 'c',
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'measure',
            output: { peak: 4711 },
            isError: false,
          },
        ],
      }),
      createMessage({ id: 'd', role: 'assistant', content: `It peaks. ${filler}` }),
      createMessage({ id: 'e', role: 'user', content: 'Thanks.' }),
    ];
    await thread.append(turn.map((data) => ({ id: data.id, version: 1, kind: 'message', data })));
    const model = summariser();
    await compaction({ summaryModel: model, preserveLastMessages: 1 }).compact(thread);
    const seen = said(model.requests);
    for (const part of ['What is on it?', 'chart.png', 'image/png', 'measure', 'y-17', '4711', 'It peaks.'])
      expect(seen).toContain(part);
    expect(seen).not.toContain('aGVsbG8gd29ybGQ');
  });
});
