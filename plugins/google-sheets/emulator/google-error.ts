/** An error as Google's APIs answer it. `reason` is what Drive's older error list names. */
export class GoogleError extends Error {
  readonly code: number;
  readonly status: string;
  readonly reason: string;

  constructor(error: { code: number; status: string; reason: string; message: string }) {
    super(error.message);
    this.code = error.code;
    this.status = error.status;
    this.reason = error.reason;
  }
}

export function invalidArgument(message: string): GoogleError {
  return new GoogleError({ code: 400, status: 'INVALID_ARGUMENT', reason: 'badRequest', message });
}

export function notFound(message: string): GoogleError {
  return new GoogleError({ code: 404, status: 'NOT_FOUND', reason: 'notFound', message });
}

export function forbidden(message: string): GoogleError {
  return new GoogleError({ code: 403, status: 'PERMISSION_DENIED', reason: 'forbidden', message });
}

export function unauthenticated(): GoogleError {
  return new GoogleError({
    code: 401,
    status: 'UNAUTHENTICATED',
    reason: 'authError',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  });
}

export function exhausted(api: 'sheets' | 'drive', what: 'Read' | 'Write'): GoogleError {
  return new GoogleError({
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    reason: 'rateLimitExceeded',
    message: `Quota exceeded for quota metric '${what} requests' and limit '${what} requests per minute per user' of service '${api}.googleapis.com' for consumer 'project_number:123456789012'.`,
  });
}

export function errorBody(error: GoogleError, api: 'sheets' | 'drive'): object {
  const { code, message, status, reason } = error;
  if (api === 'sheets') return { error: { code, message, status } };
  return { error: { code, message, errors: [{ message, domain: 'global', reason }], status } };
}
