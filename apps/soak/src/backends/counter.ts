import { z } from 'zod';

/** The updates of each writer are kept beside the sum: a lost or a doubled one shows. */
export const counterMemory = {
  schema: z.object({ sum: z.number(), by: z.record(z.string(), z.number()) }),
  initial: { sum: 0, by: {} },
  key: ['counter'],
};
