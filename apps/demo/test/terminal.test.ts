import { describe, expect, it } from 'vitest';
import { readThread } from './read-thread.js';
import { temporaryFolder } from './start-demo.js';
import { startVendor } from './start-vendor.js';
import { hasTerminal, startAtTerminal } from './terminal.js';

const ctrlC = '\u0003';
const ctrlD = '\u0004';

describe('chat at a terminal', () => {
  it('prompts, answers and says goodbye at Ctrl-D', async ({ skip }) => {
    if (!hasTerminal) skip('the program script of util-linux is not installed');
    const folder = temporaryFolder();
    const demo = startAtTerminal({ folder });
    await demo.said(/you ›/);
    demo.type('My dog is called Rex.\r');
    await demo.said(/stand-in ›.*Noted\.\s+.*you ›/s);
    demo.type(ctrlD);
    expect(await demo.ended).toBe(0);
    expect(demo.stdout).toContain('Goodbye');
    expect((await readThread(folder)).seen).toEqual(['user: My dog is called Rex.', 'assistant: Noted.']);
  });

  it('stops an answer at the first Ctrl-C, asks again, and leaves at the second', async ({ skip }) => {
    if (!hasTerminal) skip('the program script of util-linux is not installed');
    const folder = temporaryFolder();
    const { server, environment } = await startVendor({ answer: () => 'One two three.' });
    const demo = startAtTerminal({ folder, environment });
    await demo.said(/you ›/);
    server.setFault('stall');
    demo.type('First?\r');
    await demo.said(/›.*One/);
    // Typed during the answer, it is not shown in it. What had been sent is dropped, and the rest is at the prompt.
    demo.type(`Never mind\rSecond?${ctrlC}`);
    await demo.said(/Stopped\..*you ›.*Second\?/s);
    demo.type('\r');
    await demo.said(/One two three\.\s+.*you ›/s);
    demo.type(ctrlC);
    expect(await demo.ended).toBe(0);
    expect(demo.stdout).toContain('Goodbye');
    expect(demo.stdout).not.toContain('Never mind');
    expect((await readThread(folder)).seen).toEqual(['user: Second?', 'assistant: One two three.']);
  });

  it('goes on after an error', async ({ skip }) => {
    if (!hasTerminal) skip('the program script of util-linux is not installed');
    const folder = temporaryFolder();
    const { server, environment } = await startVendor();
    const demo = startAtTerminal({ folder, environment });
    await demo.said(/you ›/);
    server.setFault('server-error');
    demo.type('My dog is called Rex.\r');
    await demo.said(/500.*you ›/s);
    demo.type('My cat is called Tom.\r');
    await demo.said(/Noted\./);
    demo.type('/quit\r');
    expect(await demo.ended).toBe(0);
    expect((await readThread(folder)).seen).toEqual(['user: My cat is called Tom.', 'assistant: Noted.']);
  });

  it('has colours, and none where NO_COLOR is set', async ({ skip }) => {
    if (!hasTerminal) skip('the program script of util-linux is not installed');
    const colours = /\p{Cc}\[3\dm/u;
    for (const [environment, expected] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
    ] as const) {
      const demo = startAtTerminal({ folder: temporaryFolder(), environment });
      await demo.said(/you ›/);
      demo.type(ctrlC);
      expect(await demo.ended).toBe(0);
      expect(colours.test(demo.stdout)).toBe(expected);
    }
  });
});
