import { anthropicScenarios } from '@loci/testing/anthropic';
import { modelConformance } from '@loci/testing/model';
import { describe, expect, it } from 'vitest';
import { anthropic } from '../src/index.js';

modelConformance(
  { describe, it, expect },
  {
    name: 'providers-anthropic',
    create: anthropicScenarios(({ url, apiKey, clock }) =>
      anthropic('claude-opus-5', { baseUrl: url, apiKey, clock }),
    ),
  },
);
