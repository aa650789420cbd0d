import type { ProviderCall } from './begin-call.js';
import { notAnAnswer } from './failures.js';
import { readHeader } from './headers.js';
import type { Answer, AnswerReader } from './read-answer.js';

/** What a client gives that shows the `Response` beside the stream, once the headers are there. */
export interface Sent {
  readonly data: AsyncIterable<unknown> & { readonly controller: AbortController };
  readonly response: Response;
}

export interface ToAnswerOptions {
  /** The header that names the request. */
  readonly requestIdHeader: string;
  /** For a stream of events. `facts.requestId` is known by now. */
  reader(headers: Headers): AnswerReader;
  /** For a server that does not stream and answers with the whole answer, as parsed JSON. */
  whole(answer: unknown, headers: Headers): Answer;
}

/** What was sent as an answer to read. Throws `ModelError` `server` where the server sent a page, or nothing. */
export async function toAnswer(
  { data, response }: Sent,
  { heard, facts }: Pick<ProviderCall<unknown>, 'heard' | 'facts'>,
  { requestIdHeader, reader, whole }: ToAnswerOptions,
): Promise<Answer> {
  const { headers } = response;
  heard();
  facts.requestId = readHeader(headers, requestIdHeader);
  const type = readHeader(headers, 'content-type') ?? '';
  if (/\bjson\b/i.test(type)) {
    // The client has left its body unread.
    const text = await response.text();
    if (text.trim() === '') throw notAnAnswer(`${type} and an empty body`);
    return whole(JSON.parse(text), headers);
  }
  if (/\bhtml\b/i.test(type)) {
    data.controller.abort();
    throw notAnAnswer(type);
  }
  return { events: data, reader: reader(headers) };
}
