import { isLetOff } from './invariants/collection';
import type { Violation } from './invariants/known';
import type { Answer, PreviewedDocuments } from './product';
import type { Snapshot } from './snapshot';

/** What a preview says is what comes: the same documents, or the same refusal. */
export function comparePreview(
  preview: PreviewedDocuments | Extract<Answer, { kind: 'refused' }>,
  answer: Answer,
  before: Snapshot,
  after: Snapshot,
): Violation[] {
  const rule = 'a preview is what comes';

  if (!('invoices' in preview) || answer.kind === 'refused') {
    const said = 'invoices' in preview ? 'documents' : preview.code;
    const came = answer.kind === 'refused' ? answer.code : 'done';

    return said === came ? [] : [{ rule, shown: `previewed ${said}, came ${came}` }];
  }
  // What a preview knows nothing of is not the change's doing, but time's: a new period may be about to be renewed.
  const isOfTime = ({ purpose }: { purpose: string }) =>
    purpose === 'renewal' && preview.invoices.every((one) => one.purpose !== 'renewal');
  const isNew = <Row extends { id: number }>(rows: readonly Row[], old: readonly Row[]) =>
    rows.filter(({ id }) => !old.some((one) => one.id === id));
  const byTime = isNew(after.invoices, before.invoices).some(isOfTime);
  const said = JSON.stringify({
    invoices: preview.invoices.map((one) => [one.purpose, one.subtotal, one.tax, one.totalAmount, one.balanceApplied]),
    notes: preview.creditNotes.map((one) => [one.reason, one.subtotal, one.tax, one.totalAmount]),
    balance: byTime ? null : preview.balance,
  });
  const came = JSON.stringify({
    invoices: isNew(after.invoices, before.invoices)
      .filter((one) => !isOfTime(one) && !isLetOff(after, one))
      .map((one) => [one.purpose, one.subtotal, one.tax, one.total_amount, one.balance_applied]),
    notes: isNew(after.notes, before.notes).map((one) => [one.reason, one.subtotal, one.tax, one.total_amount]),
    balance: byTime ? null : after.balance,
  });

  return said === came ? [] : [{ rule, shown: `previewed ${said}, came ${came}` }];
}
