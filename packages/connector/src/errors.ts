export const errorCodes = [
  'CREDENTIALS_REJECTED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'RATE_LIMITED',
  'UNREACHABLE',
  'TIMEOUT',
  'BAD_RESPONSE',
  'VENDOR_ERROR',
  'BAD_CONFIG',
  'BAD_RECORD',
  'BAD_INPUT',
  'CONFLICT',
  'REFUSED',
  'ABORTED',
  'UNAVAILABLE',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface HubErrorDetails {
  code: ErrorCode;
  /** What happened, to whom, in one sentence. */
  message: string;
  /** What the reader does next, in one sentence. */
  remedy: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable?: boolean;
  /** Milliseconds the other side asked us to wait. */
  retryAfterMs?: number;
}

/** The one error that crosses packages. `message` names what and who; `remedy` says what to do; `cause` keeps the original. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(details: HubErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'HubError';
    this.code = details.code;
    this.remedy = details.remedy;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The sentence a person reads: what happened, then what to do. */
export function explain(error: unknown): string {
  if (error instanceof HubError) return `${error.message} ${error.remedy}`.trim();
  return error instanceof Error ? error.message : String(error);
}
