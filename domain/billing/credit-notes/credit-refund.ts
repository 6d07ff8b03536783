import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { ONE } from '../../money/ratio-rules';
import type { BillingParty } from '../account/billing-party';
import { creditOfLine } from './credit-from';
import { creditShare, fitCredits } from './credit-line-rules';
import { readCreditableLines } from './read-creditable-lines';
import { writeCreditNote } from './write-credit-note';

/**
 * The credit note of a refund that has succeeded: its amount, tax included, in proportion to what is left of the lines
 * (D21). What the refund had reserved of the invoice is gone with it.
 */
export async function creditRefund(
  tx: TenantSql,
  input: {
    refundId: number;
    invoiceId: number;
    /** minor units, tax included */
    amount: number;
    party: BillingParty;
    settings: Settings;
    subject: string;
    now: Date;
  },
): Promise<void> {
  const { invoiceId, amount, refundId } = input;
  const lines = await readCreditableLines(tx, Prisma.sql`l.invoice_id = ${invoiceId}::bigint`);
  await writeCreditNote(tx, {
    ...input,
    reason: 'refund',
    to: { payment: amount, refundId, reserved: amount },
    lines: fitCredits(
      lines.map((line) => creditOfLine(line, creditShare(line.billed, ONE))),
      BigInt(amount),
    ),
  });
}
