/** An error as the vendor answers it: status, and the body's four fields. */
export interface VendorError {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A refusal of the request itself: status 400, type `invalid_request_error`. */
export function invalidRequest(message: string, param: string | null, code: string | null): VendorError {
  return vendorError(400, message, 'invalid_request_error', code, param);
}

export function vendorError(
  status: number,
  message: string,
  type: string,
  code: string | null = null,
  param: string | null = null,
): VendorError {
  return { status, error: { message, type, param, code } };
}
