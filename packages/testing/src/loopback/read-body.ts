import type { IncomingMessage } from 'node:http';

/** JSON where it is JSON, else the text. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** As vendors show keys: the beginning and the end. */
export function maskKey(key: string): string {
  return key.length < 16 ? '****' : `${key.slice(0, 8)}****${key.slice(-4)}`;
}
