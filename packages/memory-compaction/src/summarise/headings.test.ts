import { expect, it } from 'vitest';
import { readHeading } from './headings.js';

it.each([
  ['## Goal', '## Goal', ''],
  ['# goal', '## Goal', ''],
  ['### 2. Open questions', '## Open', ''],
  ['## **Facts**', '## Facts', ''],
  ['## Goal: a login', '## Goal', 'a login'],
  ['**Goal**', '## Goal', ''],
  ['**DECISIONS:** none', '## Decisions', 'none'],
  ['__Progress__:', '## Progress', ''],
  ['Constraints:', '## Constraints', ''],
  ['artifacts: a.ts', '## Artifacts', 'a.ts'],
])('%j is a heading', (line, heading, rest) => {
  expect(readHeading(line)).toEqual({ heading, rest });
});

it.each(['Goal', '- Goal: a login', 'The goal: a login', '## Summary', '## Goals', ''])(
  '%j is none',
  (line) => {
    expect(readHeading(line)).toBeUndefined();
  },
);
