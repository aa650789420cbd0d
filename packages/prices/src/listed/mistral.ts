import type { Row } from './rows.js';

/** The vendor does not bill what it writes to a cache, so no call has such tokens. */
export const mistralRows: readonly Row[] = [
  { ids: ['mistral-large-2512'], rates: ['0.5', '0.05', null, '1.5'] },
  { ids: ['mistral-medium-3-5', 'mistral-medium-2604'], rates: ['1.5', '0.15', null, '7.5'] },
  { ids: ['mistral-medium-2508'], rates: ['0.4', '0.04', null, '2'] },
  { ids: ['mistral-small-2603'], rates: ['0.15', '0.015', null, '0.6'] },
  { ids: ['devstral-2512'], rates: ['0.4', '0.04', null, '2'] },
  { ids: ['codestral-2508'], rates: ['0.3', '0.03', null, '0.9'] },
  { ids: ['ministral-14b-2512'], rates: ['0.2', '0.02', null, '0.2'] },
  { ids: ['ministral-8b-2512'], rates: ['0.15', '0.015', null, '0.15'] },
  { ids: ['ministral-3b-2512'], rates: ['0.1', '0.01', null, '0.1'] },
  { ids: ['pixtral-large-2411'], rates: ['2', null, null, '6'] },
];
