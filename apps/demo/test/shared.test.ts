import { findProgram } from '@loci/testing/servers';
import { describe, expect, it } from 'vitest';
import { runDemo, startDemo, temporaryFolder } from './start-demo.js';
import { startVendor } from './start-vendor.js';

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

  it('[G1] [G5] [G9] [G12] a second process sees the history of the bot, and of another conversation nothing', async () => {
    const { code, stdout } = await runDemo(['bot'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    const [bot = '', second = '', third = ''] = stdout.split(/(?= {2}user: Hello)|(?= {2}0 messages)/);
    expect(bot).toContain('user: What is my dog called?\nassistant: My dog is called Rex.');
    expect(second).toContain(
      '  user: What is my dog called?\n  assistant: My dog is called Rex.\n  6 messages, over ',
    );
    expect(second).toContain('topic: pets\n  tone: cheerful');
    expect(third).toBe('  0 messages, never begun\n  topic: –\n  tone: cheerful\n');
  });

  it('[G11] the bare client of a vendor knows what it was told by another one before', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await runDemo(['bare'], { folder });
    expect(code).toBe(0);
    expect(stdout).toContain('My dog is called Rex.');
    expect(stderr).toContain('(3 messages go to the model)');
    expect((await runDemo(['bare', '--thread', 'other'], { folder })).stderr).toContain(
      '4 messages are kept',
    );
  });

  it('[G11] a compatible endpoint is spoken to with the bare client, and asked for the model that is named', async () => {
    const { server, environment } = await startVendor();
    const { code } = await runDemo(['bare', '--model', 'llama3.3'], {
      folder: temporaryFolder(),
      environment,
    });
    expect(code).toBe(0);
    expect(server.requests.map(({ body }) => body)).toMatchObject([
      { model: 'llama3.3' },
      { model: 'llama3.3' },
    ]);
  });

  it('[A5] [A6] [A9] [A10] [A11] [G8] sessions are named, redacted, counted, migrated, expire and are cleaned up', async () => {
    const { code, stdout } = await runDemo(['lifecycle'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    for (const id of ['../../etc/passwd', '__proto__', '🦊', ''])
      expect(stdout).toContain(`“${id}” for 30 days`);
    expect(stdout).toContain('paid with [card]');
    expect(stdout).not.toContain('4111');
    expect(stdout).toMatch(/visits: 1000; 1001 changes in [2-9] writes/);
    expect(stdout).toContain('version 2 reads {"notes":[{"text":"paid with [card]"}],"visits":1000}');
    expect(stdout).toContain('version 1 says ["sessions", "session", "ada"] holds “demo/visit” version 2');
    expect(stdout).toContain('left: ["grace"]\n  older than 10 days: 1 deleted; left: []');
  });

  it('[G3] [G4] [G10] Redis goes and comes back: reads go on, writes are named and all of them arrive', async ({
    skip,
  }) => {
    skip(findProgram('redis-server') === undefined, 'the program redis-server is not installed');
    const { code, stdout } = await runDemo(['offline'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain('["one","two","three"]\n  away, 2 queued\n');
    expect(stdout).toContain('  demo/shared/offline: its server is away\n');
    expect(stdout).toContain('on the server: ["one","theirs","two","three"]');
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
