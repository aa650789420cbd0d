import { join } from 'node:path';

/** The repository; this program is built to `apps/bench/dist`. */
export const root = join(import.meta.dirname, '../../..');
