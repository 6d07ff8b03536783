import { Prisma } from './database';

/** A column of instants in epoch milliseconds, as JSON keeps it exactly. @param column the code's own */
export const epochMs = (column: string): Prisma.Sql => Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::bigint`);
