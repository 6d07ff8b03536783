import { z } from 'zod';

import { dbInteger, dbNothing } from '../../../platform/db/columns';
import { databaseErrorCode, Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import type { DomainEvent } from '../../events/event-types';
import { applyCredit } from '../account/account-credit-rules';
import type { BillingParty } from '../account/billing-party';
import { BillingService, invoiceCreated } from '../pricing/billing-service';
import { enterBalance } from '../account/enter-balance';
import { finaliseInvoice } from './finalise-invoice';
import { invoiceNumbering, invoiceSnapshot } from './invoice-document';
import { insertInvoiceExpressions } from './insert-invoice';
import type { InvoiceDraft } from './invoice-types';
import { guardInvoiceLines } from '../service-guard/guard-service';
import { makeBasis, toServiceLine } from '../pricing/line-basis';
import { serviceAmount } from '../pricing/proration-rules';
import { toSafeNumber } from '../../money/money-rules';
import { localDateAt } from '../../calendar/zoned-calendar';

/** A stretch of service of one item of a subscription. Amounts are minor units. */
export interface ServiceCharge {
  /** `plan`, `addon/<id>`: what is billed at most once at a time (D22) */
  item: string;
  /** 0, the price of the item; 1 and more, differences that are billed on top of it for the same days. */
  layer?: number;
  planId: number | null;
  description: string;
  quantity: number;
  /** for one seat and one whole period */
  unitPrice: number;
  service: { startsAt: Date; endsAt: Date };
  /** The whole period that measures the service; equal to it for a whole period. */
  denominator: { startsAt: Date; endsAt: Date };
}

export interface IssueInvoice {
  subscriptionId: number;
  purpose: 'first' | 'renewal' | 'change' | 'resume' | 'final';
  party: BillingParty;
  settings: Settings;
  lines: readonly ServiceCharge[];
  dueDate: Date;
  /** local date */
  nextBillingDate: string | null;
  notes?: string;
  /** One whose lines come to nothing is not issued. False for what a boundary waits for. */
  isLeftOutWhenEmpty: boolean;
  /** Of the same subject, told before those of the invoice. */
  eventsBefore?: readonly DomainEvent[];
  now: Date;
}

export interface IssuedInvoice {
  invoiceId: number;
  invoiceNumber: string;
  status: 'open' | 'paid';
  totalAmount: number;
  dueAmount: number;
  balanceApplied: number;
}

const Account = z.object({ invoice_id: dbInteger, balance: dbInteger });
const exclusionViolation = '23P01';
const billing = new BillingService();

/**
 * Issues a final invoice for service of a subscription, in the caller's transaction and under its lock: priced by the
 * company's conventions, entered in the guard against double billing (D22), paid from the account's credit as far as that
 * goes (D21), and numbered last (D8).
 * @returns null where there is nothing to bill, unless the company wants documents of 0 (setting zeroInvoices)
 * @throws AppError already_billed when a stretch of the service is on an invoice already; the transaction is lost then
 */
export async function issueSubscriptionInvoice(tx: TenantSql, input: IssueInvoice): Promise<IssuedInvoice | null> {
  const { party, settings, now, subscriptionId } = input;
  const [account] = await tx.query(
    Account,
    Prisma.sql`SELECT nextval('finance.invoices_id_seq') AS invoice_id, a.balance FROM finance.billing_accounts a
                WHERE a.company_id = ${tx.companyId}::bigint AND a.id = ${party.billingAccountId}::bigint FOR NO KEY UPDATE`,
  );

  if (account === undefined) {
    throw new Error(`Billing account ${party.billingAccountId} is gone.`);
  }
  const invoiceId = account.invoice_id;
  const draft = await draftSubscriptionInvoice(invoiceId, input);

  if (input.isLeftOutWhenEmpty && !settings.zeroInvoices && draft.lines.every(({ subtotal }) => subtotal === 0)) {
    return null;
  }
  const layers = input.lines.map(({ layer = 0 }) => layer);
  await insertGuarded(tx, draft, { subscriptionId, layers, now });
  const credit = applyCredit(BigInt(account.balance), BigInt(draft.totalAmount));
  const balanceApplied = toSafeNumber(credit.used);
  const dueAmount = toSafeNumber(credit.toPay);
  const status = dueAmount === 0 ? 'paid' : 'open';

  if (balanceApplied > 0) {
    await enterBalance(tx, { party, kind: 'applied', amount: -balanceApplied, invoiceId, now });
  }
  const created = invoiceCreated(draft);
  const invoiceNumber = await finaliseInvoice(tx, {
    invoiceId,
    status,
    balanceApplied,
    numbering: invoiceNumbering(settings, { ...party, now: input.now }),
    snapshot: invoiceSnapshot(settings, { ...party, id: party.customerId }),
    dueDate: input.dueDate,
    subject: `subscription/${subscriptionId}`,
    events: [
      ...(input.eventsBefore ?? []),
      { ...created, payload: { ...created.payload, status, purpose: input.purpose, dueAmount } },
      ...(status === 'paid'
        ? [
            {
              type: 'invoice.updated' as const,
              payload: { invoiceId, subscriptionId, status, totalAmount: draft.totalAmount },
            },
          ]
        : []),
    ],
    now,
  });

  return { invoiceId, invoiceNumber, status, totalAmount: draft.totalAmount, dueAmount, balanceApplied };
}

/** What the invoice will say, priced by the recurring strategy from the prorated amounts (D15). Writes nothing. */
export async function draftSubscriptionInvoice(invoiceId: number, input: IssueInvoice): Promise<InvoiceDraft> {
  const { party, settings, lines } = input;
  const startsAt = Math.min(...lines.map(({ service }) => service.startsAt.getTime()));
  const endsAt = Math.max(...lines.map(({ service }) => service.endsAt.getTime()));
  const sold = lines.map((charge) => soldService(charge, settings, party.timeZone));
  const plan = sold.find(({ charge }) => charge.item === 'plan');
  const draft = await billing.draftWithStrategy(
    invoiceId,
    {
      billingAccountId: party.billingAccountId,
      customerId: party.customerId,
      subscriptionId: input.subscriptionId,
      dueDate: input.dueDate,
      ...(input.notes === undefined ? {} : { notes: input.notes }),
      params: {
        currency: party.currency,
        taxRatePpm: settings.taxRatePpm,
        billingDate: localDateAt(startsAt, party.timeZone),
        ...(plan === undefined ? {} : { plan }),
        addons: sold.filter((one) => one !== plan),
      },
      describe: ({ charge, basis }) => ({
        planId: charge.planId,
        item: charge.item,
        basis,
        periodStart: charge.service.startsAt.toISOString(),
        periodEnd: charge.service.endsAt.toISOString(),
      }),
    },
    'subscription',
  );

  return {
    ...draft,
    purpose: input.purpose,
    periodStart: new Date(startsAt),
    periodEnd: new Date(endsAt),
    metadata: { ...draft.metadata, nextBillingDate: input.nextBillingDate },
  };
}

/** A stretch of service as strategies take it: all its seats, prorated together and rounded once. */
function soldService(charge: ServiceCharge, settings: Settings, timeZone: string) {
  const basis = makeBasis({ ...charge, ...instantsOf(charge) }, settings, timeZone);

  return {
    charge,
    basis,
    reference: charge.item,
    description: charge.description,
    unitPrice: BigInt(charge.unitPrice),
    quantity: charge.quantity,
    amount: serviceAmount(toServiceLine(basis)),
  };
}

async function insertGuarded(
  tx: TenantSql,
  draft: InvoiceDraft,
  { subscriptionId, layers, now }: { subscriptionId: number; layers: readonly number[]; now: Date },
): Promise<void> {
  try {
    await tx.query(
      dbNothing,
      Prisma.sql`
        WITH ${insertInvoiceExpressions(tx.companyId, draft, now, Prisma.sql`SELECT 1`)},
        guarded AS (${guardInvoiceLines(tx.companyId, subscriptionId, layers)})
        SELECT count(*)::int FROM guarded`,
    );
  } catch (error) {
    if (databaseErrorCode(error) === exclusionViolation) {
      throw new AppError('already_billed', { detail: 'Part of this service is on an invoice already.', cause: error });
    }
    throw error;
  }
}

const instantsOf = ({ service, denominator }: ServiceCharge) => ({
  service: { startsAt: service.startsAt.getTime(), endsAt: service.endsAt.getTime() },
  denominator: { startsAt: denominator.startsAt.getTime(), endsAt: denominator.endsAt.getTime() },
});
