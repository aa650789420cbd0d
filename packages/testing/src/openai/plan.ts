import type { Frame } from './completion.js';
import type { VendorError } from './vendor-error.js';

/** What the server does with one request, in order. `head` sends status and headers; the first frame does too. */
export interface Plan {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** `hold` waits until the test releases it or the client goes away; `reset` breaks the connection. */
export type Step = Frame | 'head' | 'hold' | 'reset';

export const jsonType = { 'content-type': 'application/json' } as const;
export const streamType = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
} as const;
export const htmlType = { 'content-type': 'text/html; charset=utf-8' } as const;

export function bodyPlan(status: number, headers: Plan['headers'], text: string): Plan {
  return { status, headers, steps: text === '' ? ['head'] : [{ place: 'done', text }] };
}

export function errorPlan({ status, error }: VendorError, headers: Plan['headers'] = {}): Plan {
  return bodyPlan(status, { ...jsonType, ...headers }, JSON.stringify({ error }));
}
