import { toShownSum } from '../../../platform/db/columns';
import type { Database, TenantSql } from '../../../platform/db/database';
import { type IssuedOnPaper, type NoteOnPaper, PaperLedger } from '../../billing/paper/paper-ledger';
import { readLedger } from '../../billing/paper/read-ledger';
import type { PaymentGateways } from '../../payments/payment-gateway';
import { decideCommand } from '../commands/command-decider';
import { resolveRule } from '../commands/requested-command';
import { isOfMoney, type RequestedCommand } from '../commands/subscription-command-schema';
import type { Decision } from '../lifecycle/decision-types';
import { holdsUnits, planOf } from '../lifecycle/item-rules';
import { nextDeadline } from '../schedule/subscription-deadline-rules';
import { creditedFrom } from '../charges/pending-item-rules';
import { withoutInvoices } from '../lifecycle/subscription-invoice-rules';
import { viewPending } from '../row/pending-item-view';
import { type LoadedSubscription, loadSubscription } from '../row/lock-subscription';
import type { WaysToPay } from '../steps/collect-invoice';
import { carryOut, decideDueNow } from '../steps/run-subscription';
import { paperBooks } from './paper-books';

/** What a change would bill, in minor units. */
export interface SubscriptionPreview {
  currency: string;
  invoices: ReturnType<typeof viewInvoice>[];
  creditNotes: ReturnType<typeof viewNote>[];
  /** What would wait for the next invoice. */
  pendingItems: ReturnType<typeof viewPending>;
  /** Account credit that would be left. */
  balance: number;
  /** Net to pay now: what would be due of the new invoices. */
  dueAmount: number;
  /** The instant it was worked out for. */
  at: Date;
}

interface Options {
  companyId: number;
  subscriptionId: number;
  gateways: PaymentGateways;
  /** The machine's time; a customer on a test clock has the clock's instead (D26). */
  now: Date;
}

/** A subscription whose decisions are carried out on paper. */
interface OnPaper {
  tx: TenantSql;
  ledger: PaperLedger;
  loaded: LoadedSubscription;
}

/** What time may bring at once: the next invoice ahead of a boundary that has come near. */
const mostDue = 20;

/** What may come before the next invoice: top-ups that expire, one after the other. */
const mostBefore = 500;

/**
 * What a command would bill, to the minor unit: decided and priced by the rules that carry the command out, in books on
 * paper. With it comes what falls due by it in the same moment, such as the invoice ahead of a boundary that has come near.
 * Nothing is locked or written: the database refuses both.
 * @throws AppError what the command would be refused with
 */
export function previewCommand(
  database: Database,
  command: RequestedCommand,
  options: Options,
): Promise<SubscriptionPreview> {
  return database.withTenantSnapshot(options.companyId, async (tx) => {
    const { ledger, loaded: before } = await openOnPaper(tx, options);
    const { gateways } = options;

    if (isOfMoney(command)) {
      throw new Error(`There is no preview of ${command.type}.`);
    }
    const asked = { gateways, isAsked: true };
    const untold = { gateways, isAsked: false };
    const { loaded, command: rule } = await resolveRule(tx, before, command, {
      books: paperBooks(tx, ledger, before, asked),
      gateways,
    });
    const now = loaded.now.getTime();
    let after = await follow({ tx, ledger, loaded }, decideCommand(loaded.state, rule, loaded.policy, now), asked);

    for (let steps = 0; steps < mostDue; steps += 1) {
      const due = await decideDueNow(paperBooks(tx, ledger, after.loaded, untold), after.loaded);

      if (due === null) {
        break;
      }
      after = await follow(after, due, untold);
    }

    return viewPreview(after);
  });
}

/** The invoice that the next renewal or the end of the trial will issue; none where nothing is to be billed. */
export function previewUpcomingInvoice(database: Database, options: Options): Promise<SubscriptionPreview> {
  return database.withTenantSnapshot(options.companyId, async (tx) => {
    const { ledger, loaded } = await openOnPaper(tx, options);
    const untold = { gateways: options.gateways, isAsked: false };
    const issuing = ['start', 'trial_end', 'renewal_invoice', 'period_end'];
    let { state } = loaded;

    for (let steps = 0; steps < mostBefore; steps += 1) {
      const asked = withoutInvoices(state, ({ role }) => role !== 'ahead');
      const next = nextDeadline(asked);

      if (next === null) {
        break;
      }
      const then = { ...loaded, state, now: new Date(next.at) };
      const books = paperBooks(tx, ledger, then, untold);
      const decision = await decideDueNow(books, { ...then, state: asked });

      if (decision === null) {
        break;
      }
      ({ state } = (await follow({ tx, ledger, loaded: then }, decision, untold)).loaded);

      // A trial that begins is followed to its end.
      if (issuing.includes(next.kind) && state.status !== 'trial') {
        break;
      }
    }

    return viewPreview({ ledger, loaded: { ...loaded, state } });
  });
}

async function openOnPaper(tx: TenantSql, { subscriptionId, now }: Options): Promise<OnPaper> {
  const loaded = await loadSubscription(tx, subscriptionId, now);
  const { state, party } = loaded;
  const ledger = await readLedger(tx, {
    subscriptionId,
    billingAccountId: party.billingAccountId,
    since: new Date(
      Math.min(
        loaded.now.getTime(),
        planOf(state).period?.startsAt ?? Infinity,
        ...creditedFrom(state),
        ...state.items.filter(holdsUnits).map(({ purchasedAt }) => purchasedAt),
      ),
    ),
    invoiceIds: [...state.invoices, ...state.drafts].map(({ invoiceId }) => invoiceId),
  });

  return { tx, loaded, ledger: new PaperLedger(ledger, party) };
}

async function follow({ tx, ledger, loaded }: OnPaper, decision: Decision, payments: WaysToPay): Promise<OnPaper> {
  const state = await carryOut(paperBooks(tx, ledger, loaded, payments), loaded, decision);

  return { tx, ledger, loaded: { ...loaded, state } };
}

function viewPreview({ ledger, loaded }: Omit<OnPaper, 'tx'>): SubscriptionPreview {
  const standing = ledger.issued.filter(({ draft }) => ledger.invoice(draft.invoiceId).status !== 'void');
  const invoices = standing.map((one) => viewInvoice(one, ledger.invoice(one.draft.invoiceId)));

  return {
    currency: loaded.state.currency,
    invoices,
    creditNotes: ledger.notes.map(viewNote),
    pendingItems: viewPending(loaded.state.pendingItems, loaded.state.timeZone),
    balance: ledger.balanceAt(loaded.now),
    dueAmount: toShownSum(
      invoices.reduce((sum, { status, dueAmount }) => sum + (status === 'open' ? BigInt(dueAmount) : 0n), 0n),
    ),
    at: loaded.now,
  };
}

function viewInvoice(
  { draft: { purpose = 'sale', subtotal, tax, discount, totalAmount, lines }, dueDate }: IssuedOnPaper,
  { balanceApplied, dueAmount, status }: { balanceApplied: number; dueAmount: number; status: string },
) {
  return {
    purpose,
    status,
    subtotal,
    tax,
    discount,
    totalAmount,
    balanceApplied,
    dueAmount,
    dueDate: dueDate === null ? null : dueDate.toISOString(),
    lines: lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      unitAmount: line.unitAmount,
      taxBehavior: line.taxBehavior ?? 'exclusive',
      subtotal: line.subtotal,
      discount: line.discount,
      tax: line.tax,
      periodStart: line.periodStart,
      periodEnd: line.periodEnd,
      usage: line.usage ?? null,
    })),
  };
}

function viewNote({ reason, subtotal, tax, discount, totalAmount, reducedDue, toBalance }: NoteOnPaper) {
  return { reason, subtotal, tax, discount, totalAmount, reducedDue, toBalance };
}
