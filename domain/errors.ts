import { errorCatalogue, type ErrorCode } from './error-codes';

export type { ErrorCode } from './error-codes';

export interface AppErrorOptions {
  /** What happened, for the person who called; must hold no secret and no other company's data. */
  detail?: string;
  /** The input field at fault, as a JSON pointer below the body (`/items/0/productId`) or a parameter's name. */
  field?: string;
  /** More members of the problem document, plain JSON, by names that RFC 9457 does not take: the state of a row is `state`. */
  params?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error of the product: a code of the catalogue, which fixes its HTTP status, title and advice. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly params: Record<string, unknown>;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(
      options.detail ?? errorCatalogue[code].title,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.field = options.field;
    this.params = options.params ?? {};
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  /** Plain JSON, to cross Temporal and the idempotency record. */
  toJSON(): SerialisedAppError {
    return {
      code: this.code,
      detail: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      params: this.params,
    };
  }

  static fromJSON(value: SerialisedAppError): AppError {
    return new AppError(value.code, {
      detail: value.detail,
      ...(value.field === undefined ? {} : { field: value.field }),
      params: value.params,
    });
  }
}

export interface SerialisedAppError {
  code: ErrorCode;
  detail: string;
  field?: string;
  params: Record<string, unknown>;
}
