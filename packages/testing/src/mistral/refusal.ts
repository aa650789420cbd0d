import type { JsonValue } from '@loci/core';

/** A request that the vendor refuses: status, and the whole body of its answer. */
export interface MistralRefusal {
  readonly status: number;
  readonly body: { readonly [field: string]: JsonValue };
}

/** The vendor's own form of an error: `{ object: 'error', message, type, param, code }`, the code as text. */
export function vendorRefusal(
  status: number,
  message: string,
  type: string,
  code: string | null = null,
): MistralRefusal {
  return { status, body: { object: 'error', message, type, param: null, code } };
}

/** A body that does not fit the schema: status 422 with `detail`, one entry for the first thing that is wrong. */
export function invalidBody(loc: readonly (string | number)[], type: string, msg: string): MistralRefusal {
  return { status: 422, body: { detail: [{ type, loc: ['body', ...loc], msg }] } };
}

/** The order of messages, calls and results. */
export function wrongOrder(message: string): MistralRefusal {
  return vendorRefusal(400, message, 'invalid_request_message_order', '3230');
}

/** A call of a tool, its id or its name. */
export function wrongCall(message: string): MistralRefusal {
  return vendorRefusal(400, message, 'invalid_function_call', '3280');
}
