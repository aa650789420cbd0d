import { connect } from 'node:net';
import { findProgram, startPostgres, startProcess, startRedis, withServer } from '@loci/testing/servers';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

it.each([
  ['redis-server', startRedis],
  ['postgres', startPostgres],
] as const)(
  '%s listens, is killed, comes back on the same port and goes',
  { timeout: 30_000 },
  async (program, start) => {
    const server = await start();
    onTestFinished(() => server.remove());
    expect(server.url).toContain(`127.0.0.1:${server.port}`);
    expect(await isOpen(server.port), program).toBe(true);
    await server.kill();
    expect(await isOpen(server.port)).toBe(false);
    await server.restart();
    expect(await isOpen(server.port)).toBe(true);
    await server.remove();
    expect(await isOpen(server.port)).toBe(false);
  },
);

it('a setting that the server refuses is an error with its words', { timeout: 30_000 }, async () => {
  await expect(startRedis({ settings: ['--no-such-setting', '1'] })).rejects.toThrow(/no-such-setting/);
  await expect(startPostgres({ settings: { no_such_setting: '1' } })).rejects.toThrow(/no_such_setting/);
});

const missing = 'no-such-program-of-loci';
const skipped: string[] = [];
const runner = {
  beforeAll,
  afterAll,
  it: (
    title: string,
    _: unknown,
    body: (context: { skip(when: boolean, why?: string): void }) => Promise<void>,
  ) =>
    it(title, async () => {
      const noting = (when: boolean, why = '') => {
        if (when) skipped.push(why);
      };
      await body({ skip: noting });
    }),
};
const absent = withServer(runner, missing, () => Promise.reject(new Error('it was started')));
absent.it('a test whose program is missing is handed the reason to skip it', async () => {
  expect(findProgram(missing)).toBeUndefined();
  expect(skipped).toEqual([`the program ${missing} is not installed`]);
  expect(absent.server).toThrow(missing);
});

const present = withServer({ it, beforeAll, afterAll }, 'redis-server', startRedis);
present.it('a test whose program is there has its server', async () => {
  expect(await isOpen(present.server().port)).toBe(true);
});

it('a process speaks in lines and is told lines', async () => {
  const script = new URL('./children/echo.mjs', import.meta.url);
  const child = startProcess(script, ['hello']);
  expect(await child.line()).toBe('hello');
  child.tell('one');
  expect(await child.line()).toBe('one');
  child.kill();
  expect(await child.rest()).toEqual([]);
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
});
