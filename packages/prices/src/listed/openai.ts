import type { Row } from './rows.js';

// The newest family is listed as "more than 272K", the others as "<272K" for the standard rates.
const above = 272_000;
const from = 271_999;

/** Standard tier; prices of batch, flex and priority differ. */
export const openaiRows: readonly Row[] = [
  {
    ids: ['gpt-6-astra'],
    rates: ['10', '1', '12.5', '50'],
    tier: { above: from, rates: ['20', '2', '25', '75'] },
  },
  {
    ids: ['gpt-6-sol'],
    rates: ['2', '0.2', '2.5', '10'],
    tier: { above, rates: ['4', '0.4', '5', '15'] },
  },
  {
    ids: ['gpt-6-luna'],
    rates: ['0.1', '0.01', '0.125', '0.5'],
    tier: { above, rates: ['0.2', '0.02', '0.25', '0.75'] },
  },
  {
    ids: ['gpt-5.6-sol'],
    rates: ['4', '0.4', '5', '20'],
    tier: { above: from, rates: ['8', '0.8', '10', '30'] },
  },
  {
    ids: ['gpt-5.6-terra'],
    rates: ['2', '0.2', '2.5', '12'],
    tier: { above: from, rates: ['4', '0.4', '5', '18'] },
  },
  {
    ids: ['gpt-5.6-luna'],
    rates: ['0.2', '0.02', '0.25', '1.2'],
    tier: { above: from, rates: ['0.4', '0.04', '0.5', '1.8'] },
  },
  {
    ids: ['gpt-5.5', 'gpt-5.5-2026-04-23'],
    rates: ['5', '0.5', null, '30'],
    tier: { above: from, rates: ['10', '1', null, '45'] },
  },
  {
    ids: ['gpt-5.5-pro', 'gpt-5.5-pro-2026-04-23'],
    rates: ['30', null, null, '180'],
    tier: { above: from, rates: ['60', null, null, '270'] },
  },
  {
    ids: ['gpt-5.4', 'gpt-5.4-2026-03-05'],
    rates: ['2.5', '0.25', null, '15'],
    tier: { above: from, rates: ['5', '0.5', null, '22.5'] },
  },
  { ids: ['gpt-5.4-mini', 'gpt-5.4-mini-2026-03-17'], rates: ['0.75', '0.075', null, '4.5'] },
  { ids: ['gpt-5.4-nano', 'gpt-5.4-nano-2026-03-17'], rates: ['0.2', '0.02', null, '1.25'] },
  { ids: ['gpt-5.2', 'gpt-5.2-2025-12-11'], rates: ['1.75', '0.175', null, '14'] },
  { ids: ['gpt-5.1', 'gpt-5.1-2025-11-13'], rates: ['1.25', '0.125', null, '10'] },
  { ids: ['gpt-5', 'gpt-5-2025-08-07'], rates: ['1.25', '0.125', null, '10'] },
  { ids: ['gpt-5-mini', 'gpt-5-mini-2025-08-07'], rates: ['0.25', '0.025', null, '2'] },
  { ids: ['gpt-5-nano', 'gpt-5-nano-2025-08-07'], rates: ['0.05', '0.005', null, '0.4'] },
  { ids: ['gpt-4.1', 'gpt-4.1-2025-04-14'], rates: ['2', '0.5', null, '8'] },
  { ids: ['gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'], rates: ['0.4', '0.1', null, '1.6'] },
  { ids: ['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14'], rates: ['0.1', '0.025', null, '0.4'] },
  { ids: ['o3', 'o3-2025-04-16'], rates: ['2', '0.5', null, '8'] },
  { ids: ['o4-mini', 'o4-mini-2025-04-16'], rates: ['1.1', '0.275', null, '4.4'] },
  { ids: ['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'], rates: ['2.5', '1.25', null, '10'] },
  { ids: ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18'], rates: ['0.15', '0.075', null, '0.6'] },
];
