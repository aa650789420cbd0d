import type { Store } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';

const schema = z.object({
  question: z.string(),
  intent: z.enum(['technical', 'billing']).nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  specialist: z.string().nullable(),
  resolution: z.enum(['open', 'in-progress', 'resolved']),
  log: z.array(z.string()),
});
export type Case = z.infer<typeof schema>;

/** What three agents in three processes hand on. */
export function openCase(store: Store, id: string) {
  return openMemory({
    schema,
    initial: { question: '', intent: null, confidence: null, specialist: null, resolution: 'open', log: [] },
    store,
    key: ['demo', 'case', id],
    schemaId: 'demo/case',
  });
}

interface Agent {
  /** Whether it is its turn. */
  readonly isMine: (value: Readonly<Omit<Case, 'log'>>) => boolean;
  readonly act: (draft: Case) => void;
}

/** Rules stand in for models here, so that the story is the same each time. */
export const agents: Readonly<Record<string, Agent>> = {
  intent: {
    isMine: ({ question, intent }) => question !== '' && intent === null,
    act(draft) {
      draft.intent = /error|crash|broken/i.test(draft.question) ? 'technical' : 'billing';
      draft.confidence = 0.95;
      draft.log.push(`intent: ${draft.intent}`);
    },
  },
  context: {
    isMine: ({ intent, specialist }) => intent !== null && specialist === null,
    act(draft) {
      draft.specialist = draft.intent === 'technical' ? 'tech-3' : 'billing-1';
      draft.log.push(`context: hands over to ${draft.specialist}`);
    },
  },
  specialist: {
    isMine: ({ specialist, resolution }) => specialist !== null && resolution === 'open',
    act(draft) {
      draft.resolution = 'in-progress';
      draft.log.push(`specialist: ${draft.specialist} takes the case`);
    },
  },
};
