import { isObject, readText } from '@loci/core/provider';

/** What the vendor says of a failure, out of the several shapes in which it and its gateways say it. */
export interface VendorWords {
  readonly text: string;
  readonly code?: string;
  readonly type?: string;
  readonly status?: number;
  readonly requestId?: string;
}

/** Reads `{ object: 'error', message, type, code }`, `{ detail }` (words or a list), `{ error }`, `{ message, request_id }`, or plain words. */
export function readVendorWords(body: unknown): VendorWords {
  const parsed = typeof body === 'string' ? parse(body) : body;
  if (!isObject(parsed)) return { text: typeof parsed === 'string' ? parsed : '' };
  const inner = isObject(parsed['error']) ? parsed['error'] : parsed;
  const status = Number(inner['raw_status_code'] ?? inner['status'] ?? Number.NaN);
  const code = readText(inner['code']);
  const type = readText(inner['type']);
  const requestId = readText(inner['request_id']);
  return {
    text: readWords(inner['message']) || readWords(inner['detail']) || readWords(parsed['error']),
    ...(code !== undefined && { code }),
    ...(type !== undefined && { type }),
    ...(status >= 400 && status < 600 && { status }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Words, or a list of details: where it is wrong, and how. The input, which may be a user's words, is left out. */
function readWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isObject(value)) return readWords(value['detail']);
  if (!Array.isArray(value)) return '';
  return value
    .filter(isObject)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.join('.') : ''}: ${String(msg)}`)
    .join('; ');
}

/** JSON where it is JSON; a page of a gateway says nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return /^\s*</.test(text) ? '' : text;
  }
}
