/** One piece of a response on the wire. Faults cut and hold between frames by their place. */
export interface Frame {
  readonly place: 'start' | 'content' | 'finish' | 'usage' | 'done';
  readonly text: string;
}

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

/** A page of the kind that gateways answer with. */
export const html =
  '<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>It works!</h1></body></html>';

export function bodyPlan(status: number, headers: Plan['headers'], text: string): Plan {
  return { status, headers, steps: text === '' ? ['head'] : [{ place: 'done', text }] };
}

/** A plain response as two frames, so that it can break in the middle. */
export function toBodyFrames(text: string): Frame[] {
  const middle = Math.ceil(text.length / 2);
  return [
    { place: 'content', text: text.slice(0, middle) },
    { place: 'done', text: text.slice(middle) },
  ];
}
