import { anthropic } from '@loci/providers-anthropic';
import { openai } from '@loci/providers-openai';
import { anthropicScenarios } from '@loci/testing/anthropic';
import { modelConformance } from '@loci/testing/model';
import { openAIScenarios } from '@loci/testing/openai';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.js';

// The kit counts the requests that reach the vendor: one attempt, so that a failure is the vendor's own.
modelConformance(
  { describe, it, expect },
  {
    name: 'router over OpenAI',
    create: openAIScenarios(({ url, apiKey, clock }) =>
      createRouter({
        models: [openai('gpt-4o', { baseUrl: url, apiKey, clock })],
        maxAttempts: 1,
        clock,
      }),
    ),
  },
);

modelConformance(
  { describe, it, expect },
  {
    name: 'router over Anthropic that hedges',
    create: anthropicScenarios(({ url, apiKey, clock }) =>
      createRouter({
        models: [anthropic('claude-opus-5', { baseUrl: url, apiKey, clock })],
        optimizeFor: 'reliability',
        afterContent: 'restart',
        hedge: { afterMs: 100 },
        maxAttempts: 1,
        clock,
      }),
    ),
  },
);
