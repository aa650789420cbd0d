import { readdirSync } from 'node:fs';
import { quotingDescription } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { runDemo, temporaryFolder } from './start-demo.js';

describe('the command line', () => {
  it('lists commands and options at --help, and says what answers without a key', async () => {
    const { code, stdout, stderr } = await runDemo(['--help'], { folder: temporaryFolder() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['chat', 'list', '--thread ID', '--file PATH', '--model', 'OPENAI_API_KEY'])
      expect(stdout).toContain(word);
    expect(stdout.replace(/\s+/g, ' ')).toContain(quotingDescription);
  });

  it('has a --help for each command', async () => {
    const folder = temporaryFolder();
    const chat = await runDemo(['chat', '--thread', 'x', '-h'], { folder });
    expect(chat).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('/undo') });
    const list = await runDemo(['list', '--help'], { folder });
    expect(list).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringContaining('--thread') });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [['talk'], 'no command "talk"'],
    [['chat', '--colour'], "Unknown option '--colour'"],
    [['list', '--thread', 'x'], "Unknown option '--thread'"],
    [['--thread'], "'--thread <value>' argument missing"],
    [['chat', 't1'], 'npm run demo -- chat'],
    [['--context-window', 'many'], '--context-window needs a number'],
    [['--context-window', '0'], '--context-window needs a number'],
    [['--file', ''], '--file needs a path'],
    [['--model', 'gpt-4.1'], 'OPENAI_API_KEY'],
    [['--model', 'mistral:large'], 'MISTRAL_API_KEY'],
  ])('answers %j with one line on stderr and exit code 2', async (args, words) => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await runDemo(args, { folder, input: 'Hi\n' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a base URL that is none', async () => {
    const environment = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: 'localhost:8080' };
    const { code, stderr } = await runDemo([], { folder: temporaryFolder(), environment });
    expect(code).toBe(2);
    expect(stderr).toContain('OPENAI_BASE_URL');
  });
});

describe('list', () => {
  it('says that there are no threads, and makes no file', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await runDemo(['list'], { folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no threads yet');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('shows each thread with its messages, its time and its first words, the latest first', async () => {
    const folder = temporaryFolder();
    await runDemo(['--thread', 'one'], { folder, input: 'My dog is called Rex.\nHow are you?\n/clear\n' });
    await runDemo(['--thread', 'tw\no'], { folder, input: `A long story: ${'x'.repeat(100)}\n` });
    const { code, stdout } = await runDemo(['list'], { folder });
    expect(code).toBe(0);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^THREAD +MESSAGES +LAST ACTIVITY +FIRST WORDS$/);
    expect(rows).toEqual([
      expect.stringMatching(/^tw o +2 +\d{4}-\d\d-\d\d \d\d:\d\d +A long story: x+…$/),
      expect.stringMatching(/^one +4 +\d{4}-\d\d-\d\d \d\d:\d\d +My dog is called Rex\.$/),
    ]);
  });
});
