import { describe, expect, it } from 'vitest';
import { runDemo, temporaryFolder } from './start-demo.js';
import { hasTerminal, startAtTerminal } from './terminal.js';

const escapeSequence = '\u001b[';

describe('the stories of compaction', () => {
  it('[D1] [D2] [D12] a long conversation stays within its budget, and its first words are known', async () => {
    const { code, stdout, stderr } = await runDemo(['compaction'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    const turns = [...stdout.matchAll(/^ ?(\d+) [█░]{24} +(\d+) of (\d+) {2}\S/gm)].map(([, ...figures]) =>
      figures.map(Number),
    );
    expect(turns.map(([turn]) => turn)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(turns.every(([, tokens = 0, threshold = 0]) => tokens < threshold)).toBe(true);
    const passes = [...stdout.matchAll(/↓ (.+): (\d+) → (\d+) tokens, (\d) calls?, planned at \$0\.\d+/g)];
    expect(passes.map(([, what]) => what)).toEqual([
      'old tool results are cleared',
      expect.stringMatching(/^\d+ messages become a summary$/),
    ]);
    for (const [, , before, after] of passes) expect(Number(after)).toBeLessThan(Number(before));
    expect(stdout).toContain('answer: The user said: First of all: never stop both pumps at once.');
    // No summary tells of it: the model reads the originals.
    expect(stdout).toContain('answer: 04:10 the spare pump stands behind the blue door');
    expect(stderr).toContain('saw 100 % of what its summary replaces');
    expect(stderr).toContain('All 46 messages are as they were said');
    expect(stderr).toContain('Stand-in, not a language model');
    expect(stdout + stderr).not.toContain(escapeSequence);
  });

  it('has colours at a terminal', async ({ skip }) => {
    if (!hasTerminal) skip('the program script of util-linux is not installed');
    const demo = startAtTerminal({ folder: temporaryFolder() }, ['compaction']);
    expect(await demo.ended).toBe(0);
    expect(demo.stdout).toContain(`${escapeSequence}32m█`);
  });

  it.each(['openai', 'anthropic', 'mistral', 'router'])('is told over %s as well', async (model) => {
    const { code, stdout } = await runDemo(['compaction', '--model', model], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain('answer: The user said: First of all: never stop both pumps at once.');
  });

  it('[D8] originals come back exactly, and a forgotten word is nowhere', async () => {
    const { code, stdout } = await runDemo(['undo'], { folder: temporaryFolder() });
    expect(stdout).not.toContain('✗');
    expect(code).toBe(0);
    for (const line of [
      '✓ a summary and 2 messages are what the model sees',
      '✓ 8 messages, byte for byte as they were said',
      '✓ 10 messages, and no summary',
      '✓ the view is what it was',
      '✓ with what was said since',
      'it is in the summary',
      'removed: 1 message, 2 summaries made from it',
      '✓ it is in no view and no summary',
      '✓ it is in no row of the log',
      '✓ it is in no byte of the file',
    ])
      expect(stdout).toContain(line);
  });

  it('[D1] [D11] agents on two vendors share what both opted in to, by tag, and nothing else', async () => {
    const { code, stdout, stderr } = await runDemo(['research', '--model', 'mistral'], {
      folder: temporaryFolder(),
    });
    expect(code).toBe(0);
    expect(stderr).toContain('researcher is on Mistral, a stand-in; the summariser is on OpenAI, a stand-in');
    expect([...stdout.matchAll(/^summariser: (.*)$/gm)].map(([, answer]) => answer)).toEqual([
      'I do not know: nothing in my prompt answers that.',
      'I do not know: nothing in my prompt answers that.',
      'researcher: Lima: 19 °C, Oslo: 4 °C, Pune: 31 °C.',
      'I do not know: nothing in my prompt answers that.',
      'researcher: Quito: 15 °C.',
    ]);
    expect(stdout).toContain('researcher [draft] researcher: Quito: 15 °C.\nresearcher [checked] ');
  });

  it('[D2] every option changes what it is about', async () => {
    const { code, stdout } = await runDemo(['options'], { folder: temporaryFolder() });
    expect(stdout).not.toContain('NOTHING');
    expect(code).toBe(0);
    const row = (name: string) => stdout.split('\n').find((line) => line.startsWith(name)) ?? '';
    const fromTo = (name: string) => row(name).split(/ {2,}/).slice(2);
    for (const name of ['enabled: false', 'tokenThreshold: 9000']) {
      const [from, to] = fromTo(name).map(Number);
      expect(to).toBeGreaterThan((from ?? 0) * 4);
    }
    expect(fromTo('preserveLastMessages: 4').map(Number)).toEqual([12, 7]);
    for (const name of ['summaryMaxTokens: 80', 'compressionRatio: 0.05']) {
      const [from = 0, to = 0] = fromTo(name).map(Number);
      expect(to).toBeLessThanOrEqual(80);
      expect(from).toBeGreaterThan(80);
    }
    expect(fromTo('preserveSystemMessages: false')).toEqual(['1', '0']);
    expect(fromTo('preserveToolCalls: false')).toEqual(['2', '0']);
    expect(fromTo('preserveImages: true')).toEqual(['0', '1']);
    expect(fromTo('tags:')).toEqual(['none', 'garden']);
    expect(fromTo('summaryModel: anthropic')).toEqual([
      expect.stringMatching(/^openai\//),
      expect.stringMatching(/^anthropic\//),
    ]);
    expect(fromTo("summaryModel: 'none'")[1]).toBe('digest');
    expect(fromTo('summaryInstructions:')[1]).toBe('3');
    const views = ["preset: 'cheap'", "preset: 'safe'", "preset: 'max-recall'"].map((name) =>
      Number(fromTo(name)[1]),
    );
    expect(views).toEqual(views.toSorted((a, b) => a - b));
  });
});
