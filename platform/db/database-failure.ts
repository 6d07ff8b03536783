import { DatabaseError } from 'pg';

import { databaseErrorCode, Prisma } from './database';

export type DatabaseFailure =
  /** PostgreSQL is away, full, shutting down or cannot settle a conflict between transactions: repeat later. */
  | { kind: 'unavailable' }
  /** A unique key is taken; `field` is its column beside company_id in camel case, or null when that is not told. */
  | { kind: 'unique'; field: string | null }
  /** A row that this one points to is gone, or a row is pointed to. */
  | { kind: 'reference' }
  /** A number is too large for its column. */
  | { kind: 'out_of_range' };

const awayCodes = new Set([
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout'],
  ...['40001', '40P01', '55P03', '58000', '58030'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);
/** Connection exceptions (08), insufficient resources such as a full disk (53), and an operator's intervention (57). */
const awayClasses = /^(08|53|57)/;
const awayMessages =
  /connection terminated|query read timeout|encountered a connection error|timeout exceeded when trying to connect|can't reach database|server has closed the connection|client was closed|after calling end on the pool/i;

/** Reads what went wrong between us and PostgreSQL from an error; undefined when it is no such thing. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  const code = databaseErrorCode(error);

  if (code === '23505' || code === 'P2002') {
    return { kind: 'unique', field: uniqueField(error) };
  }
  if (code === '23503' || code === 'P2003') {
    return { kind: 'reference' };
  }
  if (code === '22003' || code === 'P2020') {
    return { kind: 'out_of_range' };
  }
  if (error instanceof Prisma.PrismaClientInitializationError || isAway(error, code)) {
    return { kind: 'unavailable' };
  }

  return undefined;
}

function isAway(error: unknown, code: string | undefined): boolean {
  if (code !== undefined && (awayClasses.test(code) || awayCodes.has(code))) {
    return true;
  }
  if (!(error instanceof Error)) {
    return false;
  }
  const systemCode = (error as NodeJS.ErrnoException).code;

  return (
    (systemCode !== undefined && awayCodes.has(systemCode)) ||
    awayMessages.test(error.message) ||
    isAway(error.cause, databaseErrorCode(error.cause))
  );
}

/** Of the constraint `features_company_id_code_key` on the table features it is `code`. */
function uniqueField(error: unknown): string | null {
  const { table, constraint } = constraintOf(error);
  const columns = new RegExp(`^${table ?? ''}_(?:company_id_)?(.+)_(?:key|idx)$`).exec(constraint ?? '')?.[1];

  return table === undefined || columns === undefined
    ? null
    : columns.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function constraintOf(error: unknown): { table?: string | undefined; constraint?: string | undefined } {
  if (error instanceof DatabaseError) {
    return error;
  }
  const meta = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta : undefined;
  const adapter = meta?.['driverAdapterError'] as
    { cause?: { table?: string; constraint?: { index?: string } } } | undefined;

  return { table: adapter?.cause?.table, constraint: adapter?.cause?.constraint?.index };
}
