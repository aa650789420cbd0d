import type { Message } from '@loci/core';
import { textTokens } from '../plan/subject.js';
import { renderMessage } from '../text/render-message.js';

/** A stretch of the record that one call of the summariser reads. */
export interface Chunk {
  readonly text: string;
  /** Ids of the messages of which it holds the whole or a part. */
  readonly ids: readonly string[];
}

/** The record of all messages in pieces of at most `maxTokens`: nothing is left out, a long message is cut into pieces. */
export function toChunks(
  messages: readonly Message[],
  maxTokens: number,
  count: (message: Message) => number,
): Chunk[] {
  const chunks: { text: string[]; ids: string[]; tokens: number }[] = [];
  for (const message of messages) {
    for (const text of split(renderMessage(message), maxTokens, count)) {
      const tokens = textTokens(text, count);
      const last = chunks.at(-1);
      if (last && last.tokens + tokens <= maxTokens) {
        last.text.push(text);
        last.ids.push(message.id);
        last.tokens += tokens;
      } else chunks.push({ text: [text], ids: [message.id], tokens });
    }
  }
  return chunks.map(({ text, ids }) => ({ text: text.join('\n\n'), ids: [...new Set(ids)] }));
}

/** Pieces that fit, cut between lines or blanks where one is near, never inside a character. */
function* split(text: string, maxTokens: number, count: (message: Message) => number): Generator<string> {
  const tokens = textTokens(text, count);
  if (tokens <= maxTokens) {
    yield text;
    return;
  }
  const size = Math.max(1, Math.floor((text.length * maxTokens) / tokens / 1.5));
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + size);
    if (to < text.length) {
      const near = Math.max(text.lastIndexOf('\n', to), text.lastIndexOf(' ', to));
      if (near > from + size / 2) to = near;
      const code = text.charCodeAt(to);
      if (code >= 0xdc00 && code <= 0xdfff && to > from + 1) to--;
    }
    const piece = text.slice(from, to);
    // A stretch of other tokens than the rest: cut it once more.
    if (to - from > 1 && textTokens(piece, count) > maxTokens) yield* split(piece, maxTokens, count);
    else yield piece;
    from = to;
  }
}
