import { readHeader } from '@loci/core/provider';

/** The id of a call, by the names that vendors use. */
export function readRequestId(headers: unknown): string | undefined {
  for (const name of ['request-id', 'x-request-id', 'apim-request-id', 'x-amzn-requestid']) {
    const id = readHeader(headers, name);
    if (id !== undefined) return id;
  }
  return undefined;
}
