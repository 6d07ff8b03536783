import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { BillingParty } from '../account/billing-party';
import { endRanges } from '../service-guard/guard-service';
import { creditFrom } from './credit-from';
import { type CreditableLine, readCreditableLines } from './read-creditable-lines';
import { type CreditReason, writeCreditNote, type WrittenCreditNote } from './write-credit-note';

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
  const lines = await readCreditableLines(
    tx,
    Prisma.sql`b.subscription_id = ${input.subscriptionId}::bigint AND b.item = ${input.item} AND upper(b.service) > ${from}::timestamptz`,
  );

  if (lines.length === 0) {
    return [];
  }
  const ranges = lines.flatMap(({ guard }) => (guard === null ? [] : [guard.id]));
  await tx.query(dbNothing, endRanges(tx.companyId, ranges, from, now));
  const notes: WrittenCreditNote[] = [];

  for (const invoiceId of new Set(lines.map((line) => line.invoiceId))) {
    const note = await writeCreditNote(tx, {
      ...input,
      invoiceId,
      subject: `subscription/${input.subscriptionId}`,
      lines: lines.filter((line) => line.invoiceId === invoiceId).flatMap((line) => unusedOf(line, from, input.party)),
    });
    notes.push(...(note === null ? [] : [note]));
  }

  return notes;
}

function unusedOf(line: CreditableLine, from: Date, party: BillingParty) {
  const { basis, guard } = line;

  if (basis === null || guard === null) {
    return [];
  }
  const { service, credit } = creditFrom(line.billed, basis, { from: from.getTime(), timeZone: party.timeZone });

  return [
    {
      lineId: line.lineId,
      description: line.description,
      credit,
      startsAt: new Date(service.startsAt),
      endsAt: new Date(service.endsAt),
    },
  ];
}
