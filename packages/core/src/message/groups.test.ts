import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assistant, call, result, user } from '../../test/models.js';
import { createMessage } from './create-message.js';
import { groupMessages } from './groups.js';
import type { Message } from './message.js';

const calls = (...ids: string[]) => createMessage({ role: 'assistant', content: ids.map((id) => call(id)) });
const shape = (messages: readonly Message[]) =>
  groupMessages(messages).map((group) => [group.messages.length, group.complete]);

describe('groupMessages', () => {
  it('holds a call and all its results together', () => {
    expect(shape([user('q'), calls('a', 'b'), result('b'), result('a'), assistant('done')])).toEqual([
      [1, true],
      [3, true],
      [1, true],
    ]);
  });

  it('calls a group incomplete while a result is missing, or where a result has no call', () => {
    expect(shape([calls('a', 'b'), result('a'), user('q')])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(shape([result('x'), user('q')])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  it('loses and reorders nothing', () => {
    const message = fc.oneof(
      fc.constantFrom('u', 'a').map((role) => (role === 'u' ? user('x') : assistant('y'))),
      fc.array(fc.constantFrom('1', '2', '3'), { minLength: 1, maxLength: 2 }).map((ids) => calls(...ids)),
      fc.constantFrom('1', '2', '3', '4').map((id) => result(id)),
    );
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        expect(groupMessages(messages).flatMap((group) => group.messages)).toEqual(messages);
      }),
    );
  });
});
