import { HubError, type ErrorCode } from '@plumbline/connector';
import { GraphQLError } from 'graphql';

/** A wrong argument: names it and says what would be right. Shown to the caller as it is. */
export class InputError extends HubError {
  /** Path of the argument, such as `filter.amount.currency`. */
  readonly argument: string;

  constructor(argument: string, message: string, remedy: string) {
    super({ code: 'BAD_INPUT', message, remedy });
    this.name = 'InputError';
    this.argument = argument;
  }
}

export class NotFoundError extends HubError {
  constructor(message: string, remedy: string) {
    super({ code: 'NOT_FOUND', message, remedy });
    this.name = 'NotFoundError';
  }
}

/** Somebody else changed it meanwhile. */
export class ConflictError extends HubError {
  /** The version it has now. */
  readonly version: number;

  constructor(version: number, message: string, remedy: string) {
    super({ code: 'CONFLICT', message, remedy });
    this.name = 'ConflictError';
    this.version = version;
  }
}

/** A step that a state machine of ours does not allow. */
export class RefusedError extends HubError {
  /** The guard that refuses it. */
  readonly guard: string;

  constructor(refusal: { guard: string; message: string; remedy: string }) {
    super({ code: 'REFUSED', message: refusal.message, remedy: refusal.remedy });
    this.name = 'RefusedError';
    this.guard = refusal.guard;
  }
}

/** The error as GraphQL shows it: our own with code and remedy, all else masked by Yoga. */
export function toGraphQLError(error: HubError): GraphQLError {
  const extensions: { code: ErrorCode; remedy: string; argument?: string } = { code: error.code, remedy: error.remedy };
  if (error instanceof InputError) extensions.argument = error.argument;
  return new GraphQLError(`${error.message} ${error.remedy}`.trim(), { extensions, originalError: error });
}
