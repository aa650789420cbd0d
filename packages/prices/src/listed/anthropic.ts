import type { Row } from './rows.js';

/** Entries that live for five minutes; `long` are those of an hour, at twice the input. */
export const anthropicRows: readonly Row[] = [
  { ids: ['claude-opus-5-5'], rates: ['4', '0.2', '5', '20'], long: '8' },
  { ids: ['claude-fable-5-1'], rates: ['10', '0.25', '12.5', '50'], long: '20' },
  { ids: ['claude-opus-5'], rates: ['5', '0.5', '6.25', '25'], long: '10' },
  { ids: ['claude-sonnet-5'], rates: ['2', '0.2', '2.5', '10'], long: '4' },
  { ids: ['claude-fable-5'], rates: ['10', '1', '12.5', '50'], long: '20' },
  {
    ids: [
      'claude-opus-4-8',
      'claude-opus-4-7',
      'claude-opus-4-6',
      'claude-opus-4-5',
      'claude-opus-4-5-20251101',
    ],
    rates: ['5', '0.5', '6.25', '25'],
    long: '10',
  },
  { ids: ['claude-sonnet-4-6'], rates: ['3', '0.3', '3.75', '15'], long: '6' },
  {
    ids: ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
    rates: ['3', '0.3', '3.75', '15'],
    long: '6',
    tier: { above: 200_000, rates: ['6', '0.6', '7.5', '22.5'], long: '12' },
  },
  {
    ids: ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'],
    rates: ['1', '0.1', '1.25', '5'],
    long: '2',
  },
];

/** Read on the vendor's own pages; the open collection does not have them yet. */
export const newerAnthropicRows: readonly Row[] = [
  {
    ids: ['claude-haiku-5-5'],
    rates: ['0.1', '0.01', '0.125', '0.5'],
    long: '0.2',
    tier: { above: 100_000, rates: ['0.5', '0.05', '0.625', '2.5'], long: '1' },
  },
  { ids: ['claude-sonnet-5-5'], rates: ['2', '0.2', '2.5', '10'], long: '4' },
  { ids: ['claude-mythos-5'], rates: ['10', '1', '12.5', '50'], long: '20' },
];
