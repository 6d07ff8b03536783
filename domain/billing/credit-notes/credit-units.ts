import type { TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { Ratio } from '../../money/ratio-rules';
import type { BillingParty } from '../account/billing-party';
import { creditOfLine, creditOfShare, requireNoDraft } from './credit-from';
import { type GuardedLine, readGuardedLines } from './read-creditable-lines';
import { writeCreditNote, type WrittenCreditNote } from './write-credit-note';

/** Lines that bill what was bought once, while their invoices stand. */
export function readPurchaseLines(
  tx: TenantSql,
  { subscriptionId, item }: { subscriptionId: number; item: string },
): Promise<GuardedLine[]> {
  return readGuardedLines(tx, { subscriptionId, item, from: new Date(0) });
}

/**
 * Gives back a share of what was billed for units that were bought ahead, to the minor unit: what is left of them to what was
 * bought. The purchase stays billed.
 * @param input.share 0 to 1
 * @throws AppError collection_paused where it is on a draft
 */
export async function creditUnits(
  tx: TenantSql,
  input: {
    subscriptionId: number;
    item: string;
    share: Ratio;
    reason: Parameters<typeof writeCreditNote>[1]['reason'];
    party: BillingParty;
    settings: Settings;
    now: Date;
  },
): Promise<WrittenCreditNote[]> {
  const { share, subscriptionId } = input;
  const lines = await readPurchaseLines(tx, input);
  requireNoDraft(lines);
  const notes: WrittenCreditNote[] = [];

  for (const line of lines) {
    const note = await writeCreditNote(tx, {
      ...input,
      invoiceId: line.invoiceId,
      subject: `subscription/${subscriptionId}`,
      lines: [creditOfLine(line, creditOfShare(line, share))],
    });
    notes.push(...(note === null ? [] : [note]));
  }

  return notes;
}
