import { describe, expect, it } from 'vitest';
import { runDemo, startDemo, temporaryFolder } from './start-demo.js';

/** The numbers of processes that a text names. */
const processesIn = (text: string) => new Set(text.match(/process (\d+)/g));

describe('the stories of shared memory', () => {
  it('[A7] a customer-support case is started, noted, escalated and resolved, and a rating of 9 refused', async () => {
    const { code, stdout } = await runDemo(['support'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/resolutionStatus +open[\s\S]*notesCount +2[\s\S]*resolutionStatus +resolved/);
    expect(stdout).toMatch(/escalationLevel +2\n +customerSatisfaction +5\n +notesCount +4/);
    expect(stdout).toMatch(/ticketId +TICKET_\d{14}_customer-42/);
    expect(stdout).toContain('\n  customerSatisfaction: ');
    expect(stdout).toMatch(/\] Escalated to level 2: .+\n.*\] Resolved: .+5\/5/);
  });

  it('[G1] [G2] [G3] [G6] every change of another process is seen with its patch, and 80 of 80 appends are there', async () => {
    const { code, stdout } = await runDemo(['processes'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain('sort   → ["apple","fig","pear"]');
    expect(stdout).toContain('pop    → ["apple","fig"]  (remove /2)');
    expect(stdout).toContain('splice → ["quince","fig"]  (replace /0)');
    expect(stdout).toContain('delete → ["quince"]  (remove /1)');
    expect(stdout).toContain('object is not extensible');
    expect(stdout).toContain('80 of 80 are there');
  });

  it('[G7] three agents in three processes hand a case on', async () => {
    const { code, stdout } = await runDemo(['hand-over'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/intent: technical[\s\S]*context: hands over to tech-3[\s\S]*specialist: tech-3/);
    expect(processesIn(stdout).size).toBe(3);
    expect(stdout).toContain('{"intent":"technical","specialist":"tech-3","resolution":"in-progress"}');
  });

  it('[A8] an encrypted file holds no plain text, refuses another key, is rotated, backed up and erased', async () => {
    const { code, stdout } = await runDemo(['encrypted'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain('not one word of it, and the memory says “the spare key');
    expect(stdout).toMatch(/KeyMissingError: .+\n {2}1 encrypted anew, 0 not.+\n {2}it was read\n/);
    expect(stdout).toContain('no plain text in it; restored: “the spare key is under the third stone”');
    expect(stdout).toMatch(/KeyErasedError: .+\n {2}it was read\n$/);
  });

  it('Ctrl-C in the middle leaves a file that the next run works on', async () => {
    const folder = temporaryFolder();
    const demo = startDemo(['processes'], { folder });
    await demo.said(/push {3}→/);
    demo.signal('SIGINT');
    expect(await demo.ended).toBe('SIGINT');
    expect((await runDemo(['processes'], { folder })).code).toBe(0);
  });
});
