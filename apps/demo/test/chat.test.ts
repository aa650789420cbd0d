import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quotingDescription } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { readThread } from './read-thread.js';
import { runDemo, temporaryFolder } from './start-demo.js';
import { startVendor } from './start-vendor.js';

const root = join(import.meta.dirname, '../../..');

describe('npm run demo', () => {
  it('remembers in a new process what was said in its thread, and nothing of it in another', async () => {
    const folder = temporaryFolder();
    const npm = (thread: string, input: string) =>
      runDemo(['chat', '--thread', thread], {
        folder,
        input,
        program: ['npm', '--prefix', root, 'run', '-s', 'demo', '--'],
        environment: { LOCI_DEMO_FILE: join(folder, 'npm.db') },
      });
    expect(await npm('t1', 'My dog is called Rex.\n')).toMatchObject({ code: 0 });
    expect(await npm('t1', 'What is my dog called?\n')).toMatchObject({
      code: 0,
      stdout: 'My dog is called Rex.\n',
    });
    expect((await npm('t2', 'What is my dog called?\n')).stdout).toMatch(/do not know/);
  });
});

describe('chat with piped input', () => {
  it('keeps everything in loci-demo.db of the folder where the user stands, and says so', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await runDemo([], { folder, input: 'My dog is called Rex.\n' });
    expect(code).toBe(0);
    expect(stderr).toContain(join(folder, 'loci-demo.db'));
    expect(readdirSync(folder)).toEqual(['loci-demo.db']);
    expect((await readThread(folder)).seen).toEqual(['user: My dog is called Rex.', 'assistant: Noted.']);
  });

  it('answers line by line to stdout; the start and the questions go to stderr', async () => {
    const folder = temporaryFolder();
    const input = 'My dog is called Rex.\r\n\n   \nWhat is my dog called?\nWhere does my aunt live?';
    const { code, stdout, stderr } = await runDemo(['chat'], { folder, input });
    expect(code).toBe(0);
    expect(stdout).toBe('Noted.\nMy dog is called Rex.\nI do not know: nothing in my prompt answers that.\n');
    expect(stderr).toContain('you › What is my dog called?\n');
  });

  it('says that a stand-in answers, that it is no language model, and how to get one', async () => {
    const { stderr } = await runDemo([], { folder: temporaryFolder() });
    expect(stderr).toContain('stand-in-quoting');
    expect(stderr.replace(/\s+/g, ' ')).toContain(quotingDescription);
    expect(stderr).toContain('OPENAI_API_KEY');
  });

  it('writes no colours', async () => {
    const folder = temporaryFolder();
    const { stdout, stderr } = await runDemo([], { folder, input: 'Hello.\n/nothing\n' });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('shows stored text without its escape sequences', async () => {
    const folder = temporaryFolder();
    const input = 'My dog is called \u001b[31mRex\u0007.\nWhat is my dog called?\n';
    const { stdout, stderr } = await runDemo(['--thread', 'a\u001b]0;b\u0007'], { folder, input });
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('goes on with an emptied view after /clear, and with the old one after /undo', async () => {
    const folder = temporaryFolder();
    const ask = 'What is my dog called?\n';
    const input = `My dog is called Rex.\n/clear\n${ask}/undo\n${ask}/undo\n/history\n`;
    const { code, stdout } = await runDemo([], { folder, input });
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'Noted.',
      'Cleared: the model starts anew. Nothing is deleted, and /undo brings it back.',
      'I do not know: nothing in my prompt answers that.',
      'The conversation is back.',
      'My dog is called Rex.',
      'There is no /clear to take back.',
      'you › My dog is called Rex.',
    ]);
  });

  it('leaves at /quit, and stops at a command that there is not', async () => {
    const folder = temporaryFolder();
    const left = await runDemo([], { folder, input: '/help\n/quit\nMy dog is called Rex.\n' });
    expect(left).toMatchObject({ code: 0 });
    expect(left.stdout).toContain('/undo');
    const stopped = await runDemo([], { folder, input: '/quiet\nMy dog is called Rex.\n' });
    expect(stopped).toMatchObject({ code: 1, stdout: '' });
    expect(stopped.stderr).toContain('There is no /quiet');
    expect((await readThread(folder)).seen).toEqual([]);
  });

  it.each(['../x', '/etc/passwd', '..', '*%?', '🐕 Rex', '', '__proto__', "'; drop table logs; --"])(
    'takes the thread id %j as a name and as nothing else',
    async (thread) => {
      const around = temporaryFolder();
      const folder = join(around, 'one', 'two');
      mkdirSync(folder, { recursive: true });
      const run = (input: string) => runDemo([`--thread=${thread}`], { folder, input });
      expect(await run('My dog is called Rex.\n')).toMatchObject({ code: 0 });
      expect((await run('What is my dog called?\n')).stdout).toBe('My dog is called Rex.\n');
      const files = readdirSync(around, { recursive: true, withFileTypes: true }).filter((found) =>
        found.isFile(),
      );
      expect(files.map(({ parentPath, name }) => join(parentPath, name))).toEqual([
        join(folder, 'loci-demo.db'),
      ]);
    },
  );

  it('refuses a thread id that no key can hold in one line, with exit code 2', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await runDemo(['--thread', 'x'.repeat(513)], { folder, input: 'Hi\n' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^✗ This key cannot be used: .* longer than 512 bytes.*\n$/);
  });

  it('takes a path and a variable for the file', async () => {
    const folder = temporaryFolder();
    const environment = { LOCI_DEMO_FILE: 'from-variable.db' };
    await runDemo(['--file', 'from-option.db'], { folder, input: 'One.\n', environment });
    await runDemo([], { folder, input: 'Two.\n', environment });
    expect(readdirSync(folder).sort()).toEqual(['from-option.db', 'from-variable.db']);
  });

  it('says what is wrong with a file that it cannot use', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await runDemo(['--file', 'no/such/folder/x.db'], { folder, input: 'Hi\n' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ .*folder.* does not exist.*\n$/);
  });
});

describe('chat with a vendor', () => {
  it('talks to the model that is named, at the address that is named', async () => {
    const { server, environment } = await startVendor({
      answer: () => 'Hello from afar.',
      apiKey: 'sk-demo-test',
    });
    const options = { folder: temporaryFolder(), input: 'Hi\n', environment };
    const { stdout, stderr } = await runDemo(['--model', 'gpt-4.1'], options);
    expect(stdout).toBe('Hello from afar.\n');
    expect(stderr).toContain('gpt-4.1, at 127.0.0.1');
    expect(stderr).not.toContain('tand-in');
    expect(server.requests[0]?.body).toMatchObject({ model: 'gpt-4.1', stream: true });
  });

  it('says which context window it assumes for a model that it does not know', async () => {
    const { environment } = await startVendor();
    const options = { folder: temporaryFolder(), environment };
    const assumed = await runDemo(['--model', 'llama-unknown'], options);
    expect(assumed.stderr).toMatch(/not known; 16000 tokens are assumed \(--context-window/);
    const given = await runDemo(['--model', 'llama-unknown', '--context-window', '8000'], options);
    expect(given.stderr).not.toContain('assumed');
  });

  it('shows in one line what failed and what to do, keeps the turns before, and ends with 1', async () => {
    const folder = temporaryFolder();
    const { server, environment } = await startVendor({ apiKey: 'sk-another', models: ['gpt-4.1'] });
    const fail = async (changes: Record<string, string>, ...args: string[]) => {
      const options = { folder, input: 'Hi\nAgain\n', environment: { ...environment, ...changes } };
      const { code, stdout, stderr } = await runDemo(args, options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).not.toContain('you › Again');
      expect(stderr).not.toContain('    at ');
      return stderr.split('\n').at(-2);
    };
    expect(await fail({})).toMatch(/^✗ .*401.* Check OPENAI_API_KEY\.$/);
    expect(await fail({ OPENAI_API_KEY: 'sk-another' }, '--model', 'gpt-9')).toMatch(/^✗ .*404.*--model/);
    server.setFault('rate-limit');
    expect(await fail({})).toMatch(/^✗ .*429.* Send it again in 2 s\.$/);
    await server.close();
    expect(await fail({})).toMatch(/^✗ .*connection.* Check the network and OPENAI_BASE_URL/);
    expect((await readThread(folder)).seen).toEqual([]);
  });
});
