import type { TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import type { BuyerTaxData } from '../../customers/buyer-tax-data';
import type { DomainEvent } from '../../events/event-types';
import type { BillingParty } from '../account/billing-party';
import { enterBalance } from '../account/enter-balance';
import { settleFromBalance } from './draft-subscription-invoice';
import { finaliseInvoice } from './finalise-invoice';
import { invoiceNumbering, invoiceSnapshot } from './invoice-document';

/** What the account's credit has made of an invoice. Minor units. */
export type SettledFromBalance = ReturnType<typeof settleFromBalance>;

/**
 * Makes an invoice of a subscription final: paid from the account's credit as far as that goes (D21), and numbered last (D8).
 * @param input.balance credit that can be used, minor units; the account is locked
 * @param input.events what is told of it as it stands then
 */
export async function finaliseFromBalance(
  tx: TenantSql,
  input: {
    invoice: { invoiceId: number; totalAmount: number };
    subscriptionId: number;
    balance: number;
    party: BillingParty & { tax: BuyerTaxData };
    settings: Settings;
    dueDate: Date | null;
    events: (settled: SettledFromBalance) => readonly DomainEvent[];
    now: Date;
  },
): Promise<SettledFromBalance['status']> {
  const { invoice, subscriptionId, balance, party, settings, dueDate, now } = input;
  const { invoiceId } = invoice;
  const settled = settleFromBalance(balance, invoice);
  const { balanceApplied, status } = settled;

  if (balanceApplied > 0) {
    await enterBalance(tx, { party, kind: 'applied', amount: -balanceApplied, invoiceId, now });
  }
  await finaliseInvoice(tx, {
    invoiceId,
    status,
    balanceApplied,
    numbering: invoiceNumbering(settings, { ...party, now }),
    snapshot: invoiceSnapshot(settings, { ...party, id: party.customerId }),
    dueDate,
    subject: `subscription/${subscriptionId}`,
    events: input.events(settled),
    now,
  });

  return status;
}
