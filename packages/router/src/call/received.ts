import { type ChatEvent, createMessage, type Message, type Origin, type Part } from '@loci/core';

type ReceivedPart =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'reasoning'; text: string; readonly origin: Origin };

/** What an answer has brought so far, for the partial of an error. Calls of tools are counted and not kept. */
export class Received {
  /** Sparse where tool calls are. */
  readonly parts: ReceivedPart[] = [];
  /** Of text, reasoning and inputs of tool calls. */
  characters = 0;
  /** One past the highest index of a part. */
  length = 0;

  add(event: Exclude<ChatEvent, { type: 'finish' | 'restart' }>, origin: Origin): void {
    const { partIndex } = event;
    if (partIndex >= this.length) this.length = partIndex + 1;
    if (event.type === 'tool-call-delta') {
      this.characters += event.inputText.length;
      return;
    }
    this.characters += event.text.length;
    const part = this.parts[partIndex];
    if (part) part.text += event.text;
    else {
      const { text } = event;
      this.parts[partIndex] =
        event.type === 'text-delta' ? { type: 'text', text } : { type: 'reasoning', text, origin };
    }
  }

  clear(): void {
    this.parts.length = 0;
    this.length = 0;
  }

  /** INVARIANT: holds no tool call. */
  toMessage(now: () => number): Message {
    const content = this.parts.filter(Boolean).map((part): Part => ({ ...part }));
    return createMessage({ role: 'assistant', content }, { now });
  }
}
