import { type ChatEvent, createMessage, type Message, type Origin, type Part } from '@loci/core';

interface ReceivedPart {
  readonly type: 'text' | 'reasoning';
  text: string;
  readonly origin: Origin;
}

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
    else
      this.parts[partIndex] = {
        type: event.type === 'text-delta' ? 'text' : 'reasoning',
        text: event.text,
        origin,
      };
  }

  clear(): void {
    this.parts.length = 0;
    this.length = 0;
  }

  /** INVARIANT: holds no tool call. */
  toMessage(now: () => number): Message {
    const content = this.parts
      .filter(Boolean)
      .map(({ type, text, origin }): Part => (type === 'text' ? { type, text } : { type, text, origin }));
    return createMessage({ role: 'assistant', content }, { now });
  }
}
