import { modelConformance } from '@loci/testing/model';
import { openAIScenarios } from '@loci/testing/openai';
import { describe, expect, it } from 'vitest';
import { openai } from '../src/index.js';

modelConformance(
  { describe, it, expect },
  {
    name: 'providers-openai',
    create: openAIScenarios(({ url, apiKey, clock }) => openai('gpt-4o', { baseUrl: url, apiKey, clock })),
  },
);

modelConformance(
  { describe, it, expect },
  {
    name: 'providers-openai over Responses',
    create: openAIScenarios(
      ({ url, apiKey, clock }) => openai('gpt-5.4', { baseUrl: url, apiKey, clock, api: 'responses' }),
      { temperature: 0.5 },
    ),
  },
);
