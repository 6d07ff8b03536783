import { dbNothing } from '../../../platform/db/columns';
import type { TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { BillingParty } from '../account/billing-party';
import { endRanges } from '../service-guard/guard-service';
import { creditFrom } from './credit-from';
import type { LineParts } from './credit-line-rules';
import { type GuardedLine, readGuardedLines } from './read-creditable-lines';
import {
  type CreditNoteLineInput,
  type CreditReason,
  writeCreditNote,
  type WrittenCreditNote,
} from './write-credit-note';

/**
 * Gives back what is unused of an item's service from an instant on: one credit note for each invoice that has billed some
 * of it, and the guard's ranges end there (D21, D22). Lines are measured by the count of days they were made with.
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
  const ranges = lines.map(({ guard }) => guard.id);
  await tx.query(dbNothing, endRanges(tx.companyId, ranges, from, now));
  const notes: WrittenCreditNote[] = [];

  for (const invoiceId of new Set(lines.map((line) => line.invoiceId))) {
    const note = await writeCreditNote(tx, {
      ...input,
      invoiceId,
      subject: `subscription/${input.subscriptionId}`,
      lines: unusedOf(
        lines.filter((line) => line.invoiceId === invoiceId),
        from,
        input.party,
      ),
    });
    notes.push(...(note === null ? [] : [note]));
  }

  return notes;
}

/** Several ranges of one line share what is left of it. */
function unusedOf(lines: readonly GuardedLine[], from: Date, { timeZone }: BillingParty): CreditNoteLineInput[] {
  const taken = new Map<number, LineParts>();

  return lines.map((line) => {
    const { credited } = line.billed;
    const before = taken.get(line.lineId) ?? { amount: 0n, discount: 0n, tax: 0n };
    const billed = {
      ...line.billed,
      credited: {
        amount: credited.amount + before.amount,
        discount: credited.discount + before.discount,
        tax: credited.tax + before.tax,
      },
    };
    const { service, credit } = creditFrom({ ...line, billed }, { from: from.getTime(), timeZone });
    taken.set(line.lineId, {
      amount: before.amount - credit.amount,
      discount: before.discount - credit.discount,
      tax: before.tax - credit.tax,
    });

    return {
      lineId: line.lineId,
      description: line.description,
      credit,
      startsAt: new Date(service.startsAt),
      endsAt: new Date(service.endsAt),
    };
  });
}
