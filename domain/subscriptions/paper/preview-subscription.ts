import type { Database } from '../../../platform/db/database';
import { Prisma } from '../../../platform/db/database';
import { z } from 'zod';

import type { PaymentGateways } from '../../payments/payment-gateway';
import { applyDecision } from '../steps/apply-decision';
import { lockSubscription } from '../row/lock-subscription';
import type { RequestedCommand } from '../commands/subscription-command-schema';
import { runSubscription } from '../steps/run-subscription';
import { decideDue } from '../lifecycle/due-decider';
import { withoutInvoices } from '../lifecycle/subscription-invoice-rules';
import { nextDeadline } from '../lifecycle/subscription-deadline-rules';

const Line = z.object({
  description: z.string(),
  quantity: z.number(),
  unitAmount: z.number(),
  subtotal: z.number(),
  discount: z.number(),
  tax: z.number(),
  periodStart: z.string().nullable(),
  periodEnd: z.string().nullable(),
});
const Preview = z.object({
  invoices: z
    .array(
      z.object({
        purpose: z.string(),
        subtotal: z.number(),
        tax: z.number(),
        discount: z.number(),
        totalAmount: z.number(),
        balanceApplied: z.number(),
        dueAmount: z.number(),
        dueDate: z.string().nullable(),
        lines: z.array(Line),
      }),
    )
    .nullable(),
  creditNotes: z
    .array(
      z.object({
        reason: z.string(),
        subtotal: z.number(),
        tax: z.number(),
        discount: z.number(),
        totalAmount: z.number(),
        reducedDue: z.number(),
        toBalance: z.number(),
      }),
    )
    .nullable(),
  balance: z.number(),
});

/** What a change would bill, in minor units. */
export interface SubscriptionPreview {
  currency: string;
  invoices: NonNullable<z.output<typeof Preview>['invoices']>;
  creditNotes: NonNullable<z.output<typeof Preview>['creditNotes']>;
  /** Account credit that would be left. */
  balance: number;
  /** Net to pay now: what would be due of the new invoices. */
  dueAmount: number;
  /** The instant it was worked out for; ISO 8601. */
  at: Date;
}

/** Ends a transaction that must leave nothing behind, carrying what was learnt out of it. */
class RolledBack extends Error {
  constructor(readonly preview: SubscriptionPreview) {
    super('rolled back');
  }
}

type Options = { companyId: number; subscriptionId: number; gateways: PaymentGateways; now: Date };

/**
 * What a command would bill, to the minor unit: the command itself is carried out and undone, so that preview and change
 * cannot differ.
 * @throws AppError what the command would be refused with
 */
export function previewCommand(
  database: Database,
  command: RequestedCommand,
  options: Options,
): Promise<SubscriptionPreview> {
  const { subscriptionId, gateways, now } = options;

  return dryRun(database, options, (tx) =>
    runSubscription(
      tx,
      { subscriptionId, work: { kind: 'command', commandId: 'preview', command } },
      { gateways, now },
    ),
  );
}

/** The invoice that the next renewal or the end of the trial will issue; none where nothing is to be billed. */
export function previewUpcomingInvoice(database: Database, options: Options): Promise<SubscriptionPreview> {
  return dryRun(database, options, async (tx) => {
    const locked = await lockSubscription(tx, options.subscriptionId, options.now);
    let { state } = locked;
    const issuing = ['trial_end', 'renewal_invoice', 'period_end'];

    for (let steps = 0; steps < 3; steps += 1) {
      const asked = withoutInvoices(state, ({ role }) => role !== 'ahead');
      const next = nextDeadline(asked);

      if (next === null) {
        return;
      }
      const decision = decideDue(asked, locked.policy, next.at);
      const at = { ...locked, state, now: new Date(next.at) };
      state = decision === null ? state : await applyDecision(tx, at, decision, options.gateways);

      if (issuing.includes(next.kind)) {
        return;
      }
    }
  });
}

async function dryRun(
  database: Database,
  { companyId, subscriptionId, now }: Options,
  work: (tx: Parameters<Parameters<Database['withTenantSql']>[1]>[0]) => Promise<unknown>,
): Promise<SubscriptionPreview> {
  try {
    return await database.withTenantSql(companyId, async (tx) => {
      const locked = await lockSubscription(tx, subscriptionId, now);
      const [before] = await tx.query(
        z.object({ invoice_id: z.number(), note_id: z.number() }),
        Prisma.sql`SELECT coalesce((SELECT max(i.id) FROM finance.invoices i WHERE i.company_id = ${companyId}::bigint AND i.subscription_id = ${subscriptionId}::bigint), 0)::bigint AS invoice_id,
                          coalesce((SELECT max(c.id) FROM finance.credit_notes c WHERE c.company_id = ${companyId}::bigint AND c.customer_id = ${locked.state.customerId}::bigint), 0)::bigint AS note_id`,
      );
      await work(tx);
      const [after] = await tx.query(
        Preview,
        Prisma.sql`
          SELECT (SELECT jsonb_agg(to_jsonb(x)) FROM (
                   SELECT i.purpose, i.subtotal, i.tax, i.discount, i.total_amount AS "totalAmount", i.balance_applied AS "balanceApplied",
                          i.due_amount AS "dueAmount", i.due_date AS "dueDate",
                          (SELECT jsonb_agg(jsonb_build_object('description', l.description, 'quantity', l.quantity, 'unitAmount', l.unit_amount,
                             'subtotal', l.subtotal, 'discount', l.discount, 'tax', l.tax, 'periodStart', l.period_start, 'periodEnd', l.period_end)
                             ORDER BY l.line_no) FROM finance.invoice_lines l WHERE l.company_id = i.company_id AND l.invoice_id = i.id) AS lines
                     FROM finance.invoices i WHERE i.company_id = ${companyId}::bigint AND i.subscription_id = ${subscriptionId}::bigint
                      AND i.id > ${before?.invoice_id ?? 0}::bigint AND i.status <> 'void' ORDER BY i.id) x) AS invoices,
                 (SELECT jsonb_agg(to_jsonb(x)) FROM (
                   SELECT c.reason, c.subtotal, c.tax, c.discount, c.total_amount AS "totalAmount", c.reduced_due AS "reducedDue", c.to_balance AS "toBalance"
                     FROM finance.credit_notes c WHERE c.company_id = ${companyId}::bigint AND c.customer_id = ${locked.state.customerId}::bigint
                      AND c.id > ${before?.note_id ?? 0}::bigint ORDER BY c.id) x) AS "creditNotes",
                 (SELECT a.balance FROM finance.billing_accounts a WHERE a.company_id = ${companyId}::bigint AND a.id = ${locked.party.billingAccountId}::bigint) AS balance`,
      );
      const invoices = after?.invoices ?? [];
      throw new RolledBack({
        currency: locked.state.currency,
        invoices,
        creditNotes: after?.creditNotes ?? [],
        balance: after?.balance ?? 0,
        dueAmount: invoices.reduce((sum, invoice) => sum + invoice.dueAmount, 0),
        at: locked.now,
      });
    });
  } catch (error) {
    if (error instanceof RolledBack) {
      return error.preview;
    }
    throw error;
  }
}
