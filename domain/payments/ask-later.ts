import { Prisma, type TenantSql } from '../../platform/db/database';

/** How long, in a test clock's time, until a provider that gave no answer is asked again. */
const askAgainMs = 10 * 60_000;

/** A charge on a test clock whose answer is unknown: the question becomes a deadline of the subscription. */
export async function postponeAsking(tx: TenantSql, input: { paymentId: number; now: Date }): Promise<void> {
  await tx.write(Prisma.sql`UPDATE finance.payments SET ask_at = ${new Date(input.now.getTime() + askAgainMs)}::timestamptz, updated_at = ${input.now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${input.paymentId}::bigint AND status = 'initiated'`);
}

/** The question is asked now; should there be no answer again, it is put off once more. */
export async function forgetAsking(tx: TenantSql, input: { invoiceId: number; now: Date }): Promise<void> {
  await tx.write(Prisma.sql`UPDATE finance.payments SET ask_at = NULL, updated_at = ${input.now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND invoice_id = ${input.invoiceId}::bigint AND status = 'initiated'`);
}
