import type { Store } from '@loci/core';
import { z } from 'zod';
import { openMemory } from '../src/index.js';

const schema = z.object({
  customerId: z.string().nullable(),
  ticketId: z.string().nullable(),
  issueCategory: z.string().nullable(),
  resolutionStatus: z.enum(['open', 'resolved']),
  escalationLevel: z.number().int().min(1),
  customerSatisfaction: z.number().int().min(1).max(5).nullable(),
  interactionNotes: z.array(z.object({ at: z.number(), note: z.string() })),
});
type Support = z.infer<typeof schema>;

const initial: Support = {
  customerId: null,
  ticketId: null,
  issueCategory: null,
  resolutionStatus: 'open',
  escalationLevel: 1,
  customerSatisfaction: null,
  interactionNotes: [],
};

/** What a support agent knows of its case, with the verbs of its trade. The messages lie in a thread. */
export function openSupportMemory(store: Store, caseId: string, now: () => number = Date.now) {
  const memory = openMemory({ schema, initial, store, key: ['support', caseId], schemaId: 'support-case' });
  const add = (draft: Support, note: string) => void draft.interactionNotes.push({ at: now(), note });

  return {
    memory,
    startSession: (customerId: string, issueCategory: string) =>
      memory.update((draft) => {
        const ticketId = `TICKET_${new Date(now()).toISOString().replaceAll(/\D/g, '')}_${customerId}`;
        Object.assign(draft, { customerId, issueCategory, ticketId });
        add(draft, `Support session started for ${customerId}, category: ${issueCategory}`);
      }),
    addNote: (note: string) => memory.update((draft) => add(draft, note)),
    escalate: (reason: string) =>
      memory.update((draft) => {
        draft.escalationLevel += 1;
        add(draft, `Escalated to level ${draft.escalationLevel}: ${reason}`);
      }),
    resolve: (resolution: string, satisfaction: number) =>
      memory.update((draft) => {
        draft.resolutionStatus = 'resolved';
        draft.customerSatisfaction = satisfaction;
        add(draft, `Resolved: ${resolution} (Satisfaction: ${satisfaction}/5)`);
      }),
    async status() {
      const { interactionNotes, ...fields } = await memory.get();
      return { ...fields, interactionCount: interactionNotes.length };
    },
  };
}
