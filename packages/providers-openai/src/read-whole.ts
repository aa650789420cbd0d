import { isObject, notAnAnswer, type ProviderCall, readHeader } from '@loci/core/provider';

/** An answer of the client that is not streamed, whose headers are there before its body. */
interface Whole extends PromiseLike<unknown> {
  asResponse(): Promise<Response>;
}

/** The body of an answer. Throws `ModelError` `server` where it is a page, or nothing. */
export async function readWhole(
  sent: Whole,
  { heard, facts }: Pick<ProviderCall<unknown>, 'heard' | 'facts'>,
): Promise<Readonly<Record<string, unknown>>> {
  const { headers } = await sent.asResponse();
  heard();
  facts.requestId = readHeader(headers, 'x-request-id');
  const body = await sent;
  if (!isObject(body)) throw notAnAnswer(readHeader(headers, 'content-type') ?? '');
  return body;
}
