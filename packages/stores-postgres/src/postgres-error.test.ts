import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { isAborted, isMissing, isRefused, toStoreError } from './postgres-error.js';

const secret = 'SECRET-4711';
const answered = (code: string, details = {}) =>
  Object.assign(new Error(`something with ${secret}`), { severity: 'ERROR', code, ...details });

it('shows nothing of what the server or the driver says, because both quote values', () => {
  for (const code of ['22P02', '23505', '28P01', '57014', 'ZZZZZ']) {
    const error = toStoreError(
      answered(code, { detail: secret, where: secret, params: [secret], query: secret }),
      [],
    );
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  }
});

it('keeps what the network says, without the connection that the driver hangs on it', () => {
  const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
    code: 'ECONNREFUSED',
    client: { password: secret },
  });
  const shown = toStoreError(error, ['k']);
  expect(shown).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ECONNREFUSED' } });
  expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain(secret);
});

it('tells a damaged record, a lost race, a missing table and a refused user apart', () => {
  expect(toStoreError(answered('23505'), ['k'])).toMatchObject({ code: 'DAMAGED_RECORD', key: ['k'] });
  expect(toStoreError(answered('XX001'), ['k'])).toMatchObject({ code: 'DAMAGED_RECORD', key: ['k'] });
  const codes = ['40001', '40P01', '42P01', '42883', '3F000', '28P01', '42501', '57P03'];
  expect(codes.filter((code) => isAborted(answered(code)))).toEqual(['40001', '40P01']);
  expect(codes.filter((code) => isMissing(answered(code)))).toEqual(['42P01', '42883', '3F000']);
  expect(codes.filter((code) => isRefused(answered(code)))).toEqual(['28P01', '42501']);
});
