import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';

const Result = z.object({ paymentId: z.number().nullable() });
const Row = z.object({ result: Result });
export type CommandResult = z.output<typeof Result>;

/** The result of a command that was carried out before (D25); null for a new one. */
export async function recallCommand(
  tx: TenantSql,
  input: { subject: string; commandId: string },
): Promise<CommandResult | null> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT result FROM platform.entity_commands
                WHERE company_id = ${tx.companyId}::bigint AND subject = ${input.subject} AND command_id = ${input.commandId}`,
  );

  return row?.result ?? null;
}

/** Remembers a command in the transaction that carries it out, under the lock of its subject. */
export async function rememberCommand(
  tx: TenantSql,
  input: { subject: string; commandId: string; result: CommandResult; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`INSERT INTO platform.entity_commands (company_id, subject, command_id, result, created_at)
               VALUES (${tx.companyId}::bigint, ${input.subject}, ${input.commandId}, ${JSON.stringify(input.result)}::jsonb, ${input.now}::timestamptz)`);
}
