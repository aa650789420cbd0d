import { mistralScenarios } from '@loci/testing/mistral';
import { modelConformance } from '@loci/testing/model';
import { describe, expect, it } from 'vitest';
import { mistral } from '../src/index.js';

modelConformance(
  { describe, it, expect },
  {
    name: 'providers-mistral',
    create: mistralScenarios(({ url, apiKey, clock }) =>
      mistral('mistral-medium-3-5', { baseUrl: url, apiKey, clock }),
    ),
    skip: {
      'finish/content-filter': 'Mistral has no such finish reason: its guardrails refuse the whole request',
      'usage/cache-write': 'Mistral states no writes to its cache',
      'usage/reasoning': 'Mistral states no tokens of reasoning',
    },
  },
);
