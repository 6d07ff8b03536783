import type { SubscriptionPreview } from '../../domain/subscriptions/paper/preview-subscription';
import { formatInstant } from '../../platform/instant';

/** A preview as the API shows it, times in the subscription's zone. */
export function viewPreview({ at, invoices, ...preview }: SubscriptionPreview, timeZone: string) {
  const zoned = (text: string | null) => (text === null ? null : formatInstant(new Date(text), timeZone));

  return {
    ...preview,
    prorationDate: formatInstant(at, timeZone),
    invoices: invoices.map((invoice) => ({
      ...invoice,
      dueDate: zoned(invoice.dueDate),
      lines: invoice.lines.map((line) => ({
        ...line,
        periodStart: zoned(line.periodStart),
        periodEnd: zoned(line.periodEnd),
      })),
    })),
  };
}
