import type { TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { BillingParty } from '../account/billing-party';
import { endRanges } from '../service-guard/guard-service';
import { creditsFrom, requireNoDraft } from './credit-from';
import { readGuardedLines } from './read-creditable-lines';
import { type CreditReason, writeCreditNote, type WrittenCreditNote } from './write-credit-note';

/**
 * Gives back what is unused of an item's service from an instant on: one credit note for each invoice that has billed some
 * of it, and the guard's ranges end there (D21, D22). Lines are measured by the count of days they were made with.
 * @throws AppError collection_paused where some of it is on a draft
 */
export async function creditUnusedService(
  tx: TenantSql,
  input: {
    subscriptionId: number;
    item: string;
    from: Date;
    reason: Extract<CreditReason, 'plan_change' | 'pause' | 'cancellation'>;
    party: BillingParty;
    settings: Settings;
    now: Date;
  },
): Promise<WrittenCreditNote[]> {
  const { from, now } = input;
  const lines = await readGuardedLines(tx, input);

  if (lines.length === 0) {
    return [];
  }
  requireNoDraft(lines);
  const ranges = lines.map(({ guard }) => guard.id);
  await tx.write(endRanges(tx.companyId, ranges, from, now));
  const notes: WrittenCreditNote[] = [];

  for (const invoiceId of new Set(lines.map((line) => line.invoiceId))) {
    const note = await writeCreditNote(tx, {
      ...input,
      invoiceId,
      subject: `subscription/${input.subscriptionId}`,
      lines: creditsFrom(
        lines.filter((line) => line.invoiceId === invoiceId),
        { from: from.getTime(), timeZone: input.party.timeZone },
      ),
    });
    notes.push(...(note === null ? [] : [note]));
  }

  return notes;
}
