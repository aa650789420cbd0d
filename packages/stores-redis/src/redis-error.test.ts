import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { isUnknownScript, toStoreError } from './redis-error.js';

const secret = 'SECRET-4711';
const wrapped = (text: string) =>
  new Error(`ERR Error running script (call to f_0a1b): @user_script:12: @user_script: 12: ${text}`);

it('names what Redis refuses, also where Redis 6.2 wraps the error of a script', () => {
  for (const error of [new Error('OOM command not allowed'), wrapped('-OOM command not allowed')]) {
    expect(toStoreError(error, ['k'])).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('limit of memory'),
    });
  }
  for (const error of [new Error('WRONGTYPE Operation against'), wrapped('WRONGTYPE Operation against')])
    expect(toStoreError(error, ['k'])).toMatchObject({ code: 'DAMAGED_RECORD', key: ['k'] });
  expect(isUnknownScript(new Error('NOSCRIPT No matching script. Please use EVAL.'))).toBe(true);
});

it('shows nothing of a reply that quotes the arguments of a command', () => {
  const reply = new Error(`ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' '${secret}'`);
  const error = toStoreError(reply, ['k']);
  expect(error.code).toBe('STORE_UNAVAILABLE');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
});

it('keeps an error of the network as the cause', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(toStoreError(cause, ['k'])).toMatchObject({ code: 'STORE_UNAVAILABLE', cause });
});
