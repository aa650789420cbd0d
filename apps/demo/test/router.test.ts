import { describe, expect, it } from 'vitest';
import { runDemo, temporaryFolder } from './start-demo.js';

describe('the stories of the router', () => {
  it('[F1] [F4] [F6] every question is answered while a vendor is killed, and it is found again', async () => {
    const { code, stdout, stderr } = await runDemo(['failover'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    const answers = [...stdout.matchAll(/call \d+: answered by (\w+)/g)].map(([, name]) => name);
    expect(answers.slice(0, 6)).toEqual(['openai', ...Array(5).fill('anthropic')]);
    expect(answers.at(-1)).toBe('openai');
    expect(stderr).toContain('event: openai failed (connection), anthropic is asked');
    expect(stderr).toContain('the breaker of openai goes from half-open to closed');
    expect(stdout).toMatch(/openai +\d+ +2 .*5 connection/);
  });

  it('[F3] [F4] the strategies choose differently, and say what it cost', async () => {
    const { code, stdout } = await runDemo(['strategies'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    const row = (name: string) =>
      new RegExp(`^${name} +(\\d+) +(\\d+) +(\\d+) +\\$`, 'm').exec(stdout)?.slice(1).map(Number);
    expect(row('in-order')).toEqual([12, 0, 0]);
    expect(row('round-robin')).toEqual([4, 4, 4]);
    // The cheapest for this question by the listed prices.
    expect(row('cost')).toEqual([0, 12, 0]);
    for (const name of ['reliability', 'performance', 'random', 'weighted'])
      expect(row(name)?.reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  it('a slow vendor is overtaken, and not where that would cost too much', async () => {
    const { code, stdout } = await runDemo(['hedging'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    const answers = [...stdout.matchAll(/answered by (\w+)/g)].map(([, name]) => name);
    expect(answers).toEqual(['openai', 'anthropic', 'openai']);
    expect(stdout).toContain('openai: cancelled');
  });

  it('[F4] a budget is used and never exceeded', async () => {
    const { code, stdout, stderr } = await runDemo(['budget'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/anthropic: \$0\.0000044; in all \$0\.0000088/);
    expect(stdout).toContain('of the budget of $0.00004');
    expect(stderr).toContain('50 % of the budget is spent');
  });

  it('[F7] memory over the router outlives the process and the loss of a vendor', async () => {
    const folder = temporaryFolder();
    const first = await runDemo(['assistant'], { folder });
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('openai failed (connection), anthropic is asked');
    expect(first.stdout).toContain('anthropic: My dog is called Rex.');
    const second = await runDemo(['assistant'], { folder });
    expect(second.stderr).toContain('A later run: 8 messages are known.');
    expect(second.stdout).toContain('My dog is called Rex.');
    // The statistics go on from the first run.
    expect(second.stdout).toMatch(/openai .* 2 connection/);
  });

  it('[F1] answers in the chat and in other stories, without a key', async () => {
    const folder = temporaryFolder();
    const input = 'My dog is called Rex.\nWhat is my dog called?\n';
    const chat = await runDemo(['chat', '--model', 'router'], { folder, input });
    expect(chat).toMatchObject({ code: 0, stdout: 'Noted.\nMy dog is called Rex.\n' });
    const bot = await runDemo(['bot', '--model', 'router'], { folder });
    expect(bot.stdout).toContain('assistant: My dog is called Rex.');
    const bare = await runDemo(['bare', '--model', 'router'], { folder });
    expect(bare).toMatchObject({ code: 2, stderr: expect.stringContaining('bare speaks to one vendor') });
  });
});
