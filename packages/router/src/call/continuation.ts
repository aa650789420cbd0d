import type { ChatEvent, ChatRequest, ChatResponse, Message, Part } from '@loci/core';
import { createMessage } from '@loci/core';

/** A beginning that is shorter may come again by chance. */
const shortest = 8;

type Delta = Exclude<ChatEvent, { type: 'finish' | 'restart' }>;

/**
 * The rest of an answer that another model began: what was handed out goes along as the beginning of its answer, and
 * what it writes is put behind it, under the indexes that the reader has seen. A beginning that the model repeats is
 * taken out.
 */
export class Continuation {
  readonly #parts: readonly (Part | undefined)[];
  readonly #base: string;
  /** What the model is given; without the blanks at its end, which vendors refuse. */
  readonly #given: string;
  #offset: number | undefined;
  /** What came and may still be a repetition of what was given. */
  #held = '';
  #state: 'beginning' | 'blanks' | 'text';

  /** @param parts What was handed out; the last one is text. */
  constructor(parts: readonly (Part | undefined)[]) {
    this.#parts = parts;
    const last = parts.at(-1);
    this.#base = last?.type === 'text' ? last.text : '';
    this.#given = this.#base.trimEnd();
    this.#state = this.#given.length < shortest ? 'blanks' : 'beginning';
  }

  /** Whether an answer that broke off there can be gone on with. */
  static can(parts: readonly (Part | undefined)[], length: number): boolean {
    const last = parts.at(-1);
    return parts.length === length && last?.type === 'text' && last.text.trim() !== '';
  }

  toRequest(request: ChatRequest, now: () => number): ChatRequest {
    const content: Part[] = this.#parts.flatMap((part) => (part?.type === 'text' ? [part] : []));
    content[content.length - 1] = { type: 'text', text: this.#given };
    return {
      ...request,
      messages: [...request.messages, createMessage({ role: 'assistant', content }, { now })],
    };
  }

  /** What the reader has seen of both answers, `received` being what came of the second. */
  join(received: readonly (Part | undefined)[]): readonly (Part | undefined)[] {
    const [first, ...others] = received;
    if (first?.type !== 'text' || this.#offset === this.#parts.length) return [...this.#parts, ...received];
    return [
      ...this.#parts.slice(0, -1),
      { type: 'text', text: this.#base + this.#fresh(first.text) },
      ...others,
    ];
  }

  /** The event as the reader is to see it; `undefined` where it brings nothing new. */
  apply(event: Delta): Delta | undefined {
    const goesOn = event.type === 'text-delta' && event.partIndex === 0;
    this.#offset ??= this.#parts.length - (goesOn ? 1 : 0);
    const partIndex = event.partIndex + this.#offset;
    if (!goesOn || this.#state === 'text') return { ...event, partIndex };
    let text = this.#held + event.text;
    this.#held = '';
    if (this.#state === 'beginning') {
      const lead = text.trimStart();
      if (lead.length < this.#given.length && this.#given.startsWith(lead)) {
        this.#held = text;
        return undefined;
      }
      text = this.#withoutRepetition(text);
      this.#state = 'blanks';
    }
    text = this.#withoutBlanks(text);
    if (text === '') return undefined;
    this.#state = 'text';
    return { ...event, partIndex, text };
  }

  /** What was held back at the end of the answer, in case it was a repetition and was not. */
  rest(): Delta | undefined {
    const text = this.#withoutBlanks(this.#held);
    this.#held = '';
    return text === '' ? undefined : { type: 'text-delta', partIndex: this.#parts.length - 1, text };
  }

  toResponse(response: ChatResponse): ChatResponse {
    const content = this.join(response.message.content).flatMap((part) => part ?? []);
    const message: Message = { ...response.message, content };
    return { ...response, message };
  }

  #fresh(text: string): string {
    return this.#withoutBlanks(this.#given.length < shortest ? text : this.#withoutRepetition(text));
  }

  #withoutRepetition(text: string): string {
    const lead = text.trimStart();
    return lead.startsWith(this.#given) ? lead.slice(this.#given.length) : text;
  }

  /** The blanks between what was given out and what follows were given out already. */
  #withoutBlanks(text: string): string {
    return this.#base === this.#given ? text : text.trimStart();
  }
}
