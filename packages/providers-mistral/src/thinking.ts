import type { JsonValue } from '@loci/core';
import { isObject } from '@loci/core/provider';

/** One block of the model's thinking, put together from the chunks of it. */
export interface Thinking {
  /** The text that a chunk adds; `undefined` for a chunk that is none. */
  add(chunk: Readonly<Record<string, unknown>>): string | undefined;
  /** The whole text, and the vendor's own form where the text alone does not say everything. */
  finish(): { readonly text: string; readonly payload?: JsonValue };
}

export function createThinking(): Thinking {
  const items: JsonValue[] = [];
  let text = '';
  let run = '';
  let plain = true;
  const marks: { signature?: string; closed?: boolean } = {};
  const endRun = () => {
    if (run !== '') items.push({ type: 'text', text: run });
    run = '';
  };
  return {
    add(chunk) {
      const { thinking, signature, closed } = chunk;
      if (!Array.isArray(thinking)) return undefined;
      let added = '';
      for (const item of thinking as unknown[]) {
        if (isObject(item) && item['type'] === 'text' && typeof item['text'] === 'string') {
          added += item['text'];
          run += item['text'];
        } else {
          endRun();
          plain = false;
          // It came as JSON; a copy of it goes back.
          items.push(JSON.parse(JSON.stringify(item)) as JsonValue);
        }
      }
      text += added;
      if (typeof signature === 'string') marks.signature = signature;
      if (typeof closed === 'boolean') marks.closed = closed;
      return added;
    },
    finish() {
      endRun();
      return plain && marks.signature === undefined
        ? { text }
        : { text, payload: { type: 'thinking', thinking: items, ...marks } };
    },
  };
}
