/** The vendor's categories of failure. */
export type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error';

/** An error as the vendor answers it: status, and the `error` of the body. */
export interface AnthropicError {
  readonly status: number;
  readonly error: {
    readonly type: string;
    readonly message: string;
    /** `error_code` is the stable name of the cause, where there is one. */
    readonly details?: { readonly error_code: string };
  };
}

/** A refusal of the request itself: status 400, type `invalid_request_error`. */
export function invalidRequest(message: string): AnthropicError {
  return anthropicError(400, 'invalid_request_error', message);
}

export function anthropicError(
  status: number,
  type: AnthropicErrorType,
  message: string,
  code?: string,
): AnthropicError {
  return { status, error: { type, message, ...(code !== undefined && { details: { error_code: code } }) } };
}
