import { type Clock, type Store, systemClock } from '@loci/core';
import { openMemory } from '@loci/memory-typed';
import { z } from 'zod';

const schema = z.object({
  customerId: z.string().nullable(),
  ticketId: z.string().nullable(),
  issueCategory: z.enum(['billing', 'technical', 'account']).nullable(),
  resolutionStatus: z.enum(['open', 'resolved']),
  escalationLevel: z.number().int().min(1),
  customerSatisfaction: z.number().int().min(1).max(5).nullable(),
  interactionNotes: z.array(z.string()),
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

/** The memory of a support agent: a schema, and a method for each thing that can happen. Every method is one atomic change. */
export function openSupportMemory(store: Store, session: string, clock: Clock = systemClock) {
  const key = ['demo', 'support', session];
  const memory = openMemory({ schema, initial, store, key, schemaId: 'demo/support', clock });
  const noteOn = (draft: Support, text: string) => {
    const time = new Date(clock.now()).toISOString().slice(11, 19);
    draft.interactionNotes.push(`[${time}] ${text}`);
  };
  return {
    memory,
    start: (customerId: string, category: NonNullable<Support['issueCategory']>) =>
      memory.update((draft) => {
        draft.customerId = customerId;
        draft.issueCategory = category;
        draft.ticketId = `TICKET_${new Date(clock.now()).toISOString().replace(/\D/g, '').slice(0, 14)}_${customerId}`;
        noteOn(draft, `Session started for ${customerId}, category: ${category}`);
      }),
    addNote: (text: string) => memory.update((draft) => noteOn(draft, text)),
    escalate: (reason: string) =>
      memory.update((draft) => {
        draft.escalationLevel += 1;
        noteOn(draft, `Escalated to level ${draft.escalationLevel}: ${reason}`);
      }),
    resolve: (resolution: string, satisfaction: number) =>
      memory.update((draft) => {
        draft.resolutionStatus = 'resolved';
        draft.customerSatisfaction = satisfaction;
        noteOn(draft, `Resolved: ${resolution} (satisfaction: ${satisfaction}/5)`);
      }),
    /** Seven fields, the notes as their number. */
    async status() {
      const { interactionNotes, ...fields } = await memory.get();
      return { ...fields, notesCount: interactionNotes.length };
    },
  };
}
