import type { MediaPart, Message } from '@loci/core';
import { compileConversation, type Dialect } from '@loci/core/conversation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyConversation, checkCompiled, createRandom, findViolations } from '../src/conversations.js';

const loose: Dialect = {
  callIds: { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 40 },
  toolNames: { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 64 },
  system: 'anywhere',
  merge: false,
  blankText: true,
  unanswered: 'leave-out',
  objectInputs: false,
  media: (part) => part,
  reasoning: () => false,
};

/** One that looks like each vendor, and one that is stricter than all. */
const dialects: Readonly<Record<string, Dialect>> = {
  loose,
  'like Anthropic': {
    ...loose,
    callIds: { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 64 },
    system: 'first',
    merge: true,
    blankText: false,
    unanswered: 'answer',
    objectInputs: true,
    opening: 'Hello.',
    closing: 'Continue.',
    media: userMediaOnly,
    reasoning: ({ origin }) => origin.provider === 'anthropic',
  },
  'like Mistral': {
    ...loose,
    callIds: { pattern: /^[A-Za-z0-9]{9}$/, maxLength: 9, style: 'canonical' },
    system: 'first',
    bridge: 'I have the results.',
    closing: 'Continue.',
    media: userMediaOnly,
    reasoning: ({ origin }) => origin.provider === 'mistral',
  },
  'that knows no system': { ...loose, system: 'none', merge: true, bridge: 'Go on.', media: () => undefined },
  'that replays all reasoning': { ...loose, reasoning: () => true },
  'that answers and merges': { ...loose, merge: true, unanswered: 'answer', opening: 'Hello.' },
};

function userMediaOnly(part: MediaPart, role: string) {
  if (role !== 'user') return undefined;
  return part.type === 'file' && part.data.startsWith('https:')
    ? { type: 'text' as const, text: `File: ${part.data}` }
    : part;
}

describe('compileConversation', () => {
  it.each(Object.entries(dialects))(
    'makes any history legal in a dialect %s, and accounts for it',
    (_, dialect) => {
      fc.assert(
        fc.property(fc.nat(), fc.integer({ min: 1, max: 14 }), (seed, maxMessages) => {
          const messages = anyConversation(createRandom(seed), { maxMessages });
          expect(checkCompiled(messages, dialect)).toEqual([]);
        }),
        { numRuns: 2000 },
      );
    },
  );

  it('answers the same for the same history, and for its beginning the same beginning', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const messages = anyConversation(createRandom(seed));
        const prefix = messages.slice(0, -1);
        const whole = compileConversation([...messages, user('And now?')], loose).messages;
        const before = compileConversation([...messages, user('And now?'), user('More.')], loose).messages;
        expect(before.slice(0, whole.length)).toEqual(whole);
        expect(compileConversation(prefix, loose).messages).toEqual(
          compileConversation(prefix, loose).messages,
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('anyConversation', () => {
  it('breaks every rule of every dialect, and is legal now and then', () => {
    const found = new Set<string>();
    let legal = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const messages = anyConversation(createRandom(seed));
      for (const dialect of Object.values(dialects)) {
        const problems = findViolations(messages, dialect);
        if (problems.length === 0) legal += 1;
        for (const problem of problems)
          found.add(
            problem.replace(/messages\[\d+\] /, '').replace(/"[\s\S]*"|\[[\s\S]*?\]|[a-z]+\/\S+/g, '…'),
          );
      }
    }
    expect([...found].sort()).toMatchInlineSnapshot(`
      [
        "answers … to the calls …",
        "calls with an input that is no object",
        "ends with reasoning",
        "gives quoted text the system role",
        "has the role of the one before it",
        "holds a blank text",
        "holds a file as tool",
        "holds a image as tool",
        "holds a reasoning as system",
        "holds a reasoning as tool",
        "holds a reasoning as user",
        "holds a text as tool",
        "holds a tool-call as system",
        "holds a tool-call as tool",
        "holds a tool-call as user",
        "holds a tool-result as assistant",
        "holds a tool-result as system",
        "holds a tool-result as user",
        "holds a … that is refused",
        "holds an empty text",
        "is a system message",
        "is a system message that is not first",
        "is empty",
        "is the assistant’s, and first",
        "is the user’s, directly behind results",
        "replays reasoning where it may not",
        "the last calls have no results",
        "the last message is the assistant's",
        "the last message is the system's",
        "two calls have one id",
        "uses the name …",
      ]
    `);
    expect(legal).toBeGreaterThan(100);
  });

  it('is the same for the same numbers', () => {
    expect(anyConversation(createRandom(7))).toEqual(anyConversation(createRandom(7)));
  });
});

describe('checkCompiled', () => {
  it('finds what is wrong with a table that contradicts itself', () => {
    const contradiction: Dialect = { ...loose, bridge: '', closing: ' ', blankText: false };
    const messages: Message[] = [
      { id: 'a', role: 'assistant', content: [{ type: 'text', text: 'Hi.' }], createdAt: 0 },
    ];
    expect(checkCompiled(messages, contradiction)).not.toEqual([]);
  });
});

function user(text: string): Message {
  return { id: `u-${text}`, role: 'user', content: [{ type: 'text', text }], createdAt: 0 };
}
