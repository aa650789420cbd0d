import { describe, expect, expectTypeOf, it } from 'vitest';
import { openSupportMemory } from './customer-support.js';
import { stores } from './stores.js';

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);

describe.each(stores)('on %s', (_, createStore) => {
  it('[A7] the support memory of the document: start, note, escalate, resolve, and a status of seven fields', async () => {
    const store = createStore();
    const support = openSupportMemory(store, 'case-1', now);
    await support.startSession('cust_42', 'billing');
    await Promise.all([support.addNote('Asked for the invoice'), support.escalate('needs a refund')]);
    expect(await support.status()).toEqual({
      customerId: 'cust_42',
      ticketId: 'TICKET_20260102030405000_cust_42',
      issueCategory: 'billing',
      resolutionStatus: 'open',
      escalationLevel: 2,
      interactionCount: 3,
      customerSatisfaction: null,
    });
    await support.resolve('Refund issued', 5);
    // Another process sees the same case.
    const other = openSupportMemory(store, 'case-1', now);
    const status = await other.status();
    expect(Object.keys(status)).toHaveLength(7);
    expect(status).toMatchObject({
      resolutionStatus: 'resolved',
      customerSatisfaction: 5,
      interactionCount: 4,
    });
    expectTypeOf(status.resolutionStatus).toEqualTypeOf<'open' | 'resolved'>();
    expect((await other.memory.get()).interactionNotes.map(({ note }) => note)).toEqual([
      'Support session started for cust_42, category: billing',
      'Asked for the invoice',
      'Escalated to level 2: needs a refund',
      'Resolved: Refund issued (Satisfaction: 5/5)',
    ]);
  });

  it('[A7] a satisfaction that is none is refused, and the case stays open', async () => {
    const support = openSupportMemory(createStore(), 'case-2', now);
    await support.startSession('cust_42', 'billing');
    const issues = [{ path: ['customerSatisfaction'] }];
    await expect(support.resolve('Refund issued', 6)).rejects.toMatchObject({ code: 'INVALID_DATA', issues });
    expect(await support.status()).toMatchObject({ resolutionStatus: 'open', interactionCount: 1 });
  });
});
