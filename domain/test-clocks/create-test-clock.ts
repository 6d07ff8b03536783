import type { TenantTransaction } from '../../platform/db/database';
import { toNumber } from '../../platform/db/columns';
import type { Prisma } from '../../platform/db/database';
import { formatInstant, formatOptionalInstant, zoneInstants } from '../../platform/instant';
import { AppError } from '../errors';

export type TestClockRow = Prisma.TestClockGetPayload<object>;

/**
 * A clock that people turn (D26). Idempotent by the reserved id.
 * @throws AppError forbidden in production, for a company that is no sandbox
 */
export async function createTestClock(
  tx: TenantTransaction,
  input: { id: number; name: string | null; at: Date; isProduction: boolean; now: Date },
): Promise<TestClockRow> {
  const company = await tx.orm.company.findUniqueOrThrow({ where: { id: tx.companyId } });

  if (input.isProduction && !company.isSandbox) {
    throw new AppError('forbidden', { detail: 'Test clocks are for sandbox companies.' });
  }
  await tx.orm.testClock.createMany({
    data: [
      {
        id: input.id,
        companyId: tx.companyId,
        name: input.name,
        now: input.at,
        createdAt: input.now,
        updatedAt: input.now,
      },
    ],
    skipDuplicates: true,
  });

  return tx.orm.testClock.findUniqueOrThrow({ where: { id: input.id } });
}

/** @returns null when the company has no such clock */
export function readTestClock(tx: TenantTransaction, testClockId: number): Promise<TestClockRow | null> {
  return tx.orm.testClock.findFirst({ where: { id: testClockId } });
}

export function listTestClocks(
  tx: TenantTransaction,
  { before, limit }: { before: number | null; limit: number },
): Promise<TestClockRow[]> {
  return tx.orm.testClock.findMany({
    where: before === null ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

/** A clock as the API shows it. @param timeZone of the company: customers of several zones may be on it */
export function viewTestClock(row: TestClockRow, timeZone: string) {
  return {
    id: toNumber(row.id),
    name: row.name,
    now: formatInstant(row.now, timeZone),
    target: formatOptionalInstant(row.target, timeZone),
    status: row.status,
    steps: row.steps,
    report: zoneInstants(row.report, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
