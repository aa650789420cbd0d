import { describe, expect, it } from 'vitest';
import { readThread } from './read-thread.js';
import { runDemo, startDemo, temporaryFolder } from './start-demo.js';
import { startVendor } from './start-vendor.js';

const kept = ['user: My dog is called Rex.', 'assistant: Noted.'];

describe('a demo that is killed', () => {
  it('loses no acknowledged turn when it is killed between two turns', async () => {
    const folder = temporaryFolder();
    const demo = startDemo([], { folder });
    demo.type('My dog is called Rex.\n');
    await demo.said(/Noted\.\n/);
    demo.signal('SIGKILL');
    expect(await demo.ended).toBe('SIGKILL');
    const { seen, open } = await readThread(folder);
    expect(seen).toEqual(kept);
    expect(open).toEqual([]);
    const after = await runDemo([], { folder, input: 'What is my dog called?\n' });
    expect(after.stdout).toBe('My dog is called Rex.\n');
  });

  it.each(['silent', 'slow-first-token', 'stall'] as const)(
    'leaves nothing of a turn during whose answer it is killed (%s)',
    async (fault) => {
      const folder = temporaryFolder();
      const { server, environment } = await startVendor();
      const demo = startDemo([], { folder, environment });
      demo.type('My dog is called Rex.\n');
      await demo.said(/Noted\.\n/);
      server.setFault(fault);
      demo.type('What is my dog called?\n');
      await server.whenHeld();
      if (fault === 'stall') await demo.said(/Noted\.\nMy /);
      demo.signal('SIGKILL');
      expect(await demo.ended).toBe('SIGKILL');
      const { seen, entries, open } = await readThread(folder);
      expect(seen).toEqual(kept);
      expect(open).toEqual([]);
      expect(JSON.stringify(entries)).not.toContain('What is my dog called?');
      const after = await runDemo([], { folder, input: 'What is my dog called?\n' });
      expect(after.stdout).toBe('My dog is called Rex.\n');
    },
  );

  it('has after each of many kills at any moment whole turns only, and every acknowledged one', async () => {
    const folder = temporaryFolder();
    let acknowledged = 0;
    for (let round = 0; round < 6; round++) {
      const demo = startDemo([], { folder });
      const input = Array.from({ length: 200 }, (_, index) => `Fact ${round}.${index} is here.\n`).join('');
      demo.type(input);
      await demo.said(new RegExp(`(?:Noted\\.\\n){${1 + round * 3}}`));
      demo.signal('SIGKILL');
      await demo.ended;
      acknowledged += demo.stdout.split('\n').length - 1;
      const { entries, open } = await readThread(folder);
      const turns = entries.filter(({ kind, turnId }) => kind === 'message' && turnId);
      expect(turns.length % 2).toBe(0);
      expect(turns.length / 2).toBeGreaterThanOrEqual(acknowledged);
      expect(open).toEqual([]);
    }
  });
});

describe('Ctrl-C with piped input', () => {
  it('stops the answer, says so and ends with 130; the turns before are kept', async () => {
    const folder = temporaryFolder();
    const { server, environment } = await startVendor();
    const demo = startDemo([], { folder, environment });
    demo.type('My dog is called Rex.\n');
    await demo.said(/Noted\.\n/);
    server.setFault('stall');
    demo.type('What is my dog called?\nAnd then?\n');
    await demo.said(/Noted\.\nMy /);
    // npm passes the signal on that the terminal has sent already.
    demo.signal('SIGINT');
    demo.signal('SIGINT');
    expect(await demo.ended).toBe(130);
    expect(demo.stderr).toContain('Stopped. This turn is not kept.');
    expect(demo.stderr).not.toContain('And then?');
    expect(await server.requests.at(-1)?.closedByClient).toBe(true);
    expect((await readThread(folder)).seen).toEqual(kept);
  });

  it('ends with 130 while it waits for a line', async () => {
    const folder = temporaryFolder();
    const demo = startDemo([], { folder });
    demo.type('My dog is called Rex.\n');
    await demo.said(/Noted\.\n/);
    demo.signal('SIGINT');
    expect(await demo.ended).toBe(130);
    expect((await readThread(folder)).seen).toEqual(kept);
  });
});
