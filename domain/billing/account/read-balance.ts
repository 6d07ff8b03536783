import { toNumber, toShownSum } from '../../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { readSettings } from '../../companies/setting-catalogue';
import { accountBalance } from './account-credit-rules';
import { type CreditGrant, expiredBy, remainingOf } from './credit-grant-rules';
import { daysBetween } from '../../calendar/calendar-rules';
import { overdueStateOf, overdueTimeline } from '../dunning/dunning-rules';
import { localDateAt } from '../../calendar/zoned-calendar';

const parts = {
  creditGrants: { where: { remaining: { gt: 0 } }, select: { id: true, remaining: true, expiresAt: true } },
  balanceEntries: { orderBy: { id: 'desc' }, take: 100 },
  customer: { select: { testClock: { select: { now: true } } } },
  campaigns: {
    where: { status: { not: 'closed' } },
    select: { id: true, status: true, nextLookAt: true, requests: { select: { requestedOn: true } } },
  },
} as const;
type AccountRow = Prisma.BillingAccountGetPayload<{ include: typeof parts }>;

interface AccountOverdue {
  /** minor units */
  amount: number;
  /** When the oldest of it was due; null when nothing is overdue. */
  since: Date | null;
  /** local days since then */
  days: number;
  /** by the settings overdueStates and overdueThresholds */
  state: string | null;
  /** when each state is entered, as local dates, while the oldest stays unpaid */
  timeline: { state: string; entersOn: string }[];
}

/**
 * A customer's billing account with the latest entries of its credit ledger (D21), what is overdue, and the campaign that
 * asks for it; null for an unknown
 * customer. On a test clock it is overdue by the clock's time (D26).
 */
export async function readBalance(
  tx: TenantTransaction,
  { customerId, now }: { customerId: number; now: Date },
): Promise<{ account: AccountRow; balance: bigint; due: bigint; overdue: AccountOverdue } | null> {
  const account = await tx.orm.billingAccount.findFirst({ where: { customerId }, include: parts });

  if (account === null) {
    return null;
  }
  const today = account.customer.testClock?.now ?? now;
  const open = { billingAccountId: account.id, status: 'open' };
  const owed = await tx.orm.invoice.aggregate({
    where: { ...open, dueDate: { lte: today } },
    _sum: { dueAmount: true },
    _min: { dueDate: true },
  });
  const due = await tx.orm.invoice.aggregate({ where: open, _sum: { dueAmount: true } });

  // What has expired is no credit any more, whether its step has run or not.
  const expired = expiredBy(account.creditGrants.map(toGrant), today.getTime());

  return {
    account,
    balance: account.balance - BigInt(remainingOf(expired)),
    due: due._sum.dueAmount ?? 0n,
    overdue: describe(account, owed, today, await readSettings(tx)),
  };
}

function toGrant({ id, remaining, expiresAt }: AccountRow['creditGrants'][number]): CreditGrant {
  return { grantId: toNumber(id), remaining: toNumber(remaining), expiresAt: expiresAt?.getTime() ?? null };
}

function describe(
  { currency, timeZone }: AccountRow,
  owed: { _sum: { dueAmount: bigint | null }; _min: { dueDate: Date | null } },
  now: Date,
  settings: Awaited<ReturnType<typeof readSettings>>,
): AccountOverdue {
  const amount = toShownSum(owed._sum.dueAmount ?? 0n);
  const since = owed._min.dueDate;
  const [today, dueOn] = [localDateAt(now.getTime(), timeZone), since && localDateAt(since.getTime(), timeZone)];
  const state = overdueStateOf(
    today,
    { amount, currency, since: dueOn },
    { states: settings.overdueStates, thresholds: settings.overdueThresholds },
  );

  return {
    amount,
    since,
    days: dueOn === null ? 0 : daysBetween(dueOn, today),
    state: state?.name ?? null,
    timeline:
      dueOn === null
        ? []
        : overdueTimeline(dueOn, settings.overdueStates).map(({ state: { name }, entersOn }) => ({
            state: name,
            entersOn,
          })),
  };
}

const optionalId = (value: bigint | null) => (value === null ? null : toNumber(value));

/** The statement of an account's credit, newest first; amounts in minor units. */
export function viewBalance({ account, balance, due, overdue }: NonNullable<Awaited<ReturnType<typeof readBalance>>>) {
  return {
    customerId: toNumber(account.customerId),
    currency: account.currency,
    balance: toNumber(balance),
    dueAmount: toShownSum(due),
    accountBalance: toShownSum(accountBalance([due], balance)),
    overdue: { ...overdue, since: overdue.since && formatInstant(overdue.since, account.timeZone) },
    campaign: viewCampaign(account),
    entries: account.balanceEntries.map((entry) => viewBalanceEntry(entry, account.timeZone)),
  };
}

/** An entry that is known to be there, with the zone of its account. */
export function readBalanceEntry(tx: TenantTransaction, entryId: number) {
  return tx.orm.balanceEntry.findUniqueOrThrow({
    where: { id: entryId },
    include: { billingAccount: { select: { timeZone: true } } },
  });
}

/** @param timeZone of the billing account */
export function viewBalanceEntry(entry: AccountRow['balanceEntries'][number], timeZone: string) {
  return {
    id: toNumber(entry.id),
    kind: entry.kind,
    amount: toNumber(entry.amount),
    balanceAfter: toNumber(entry.balanceAfter),
    invoiceId: optionalId(entry.invoiceId),
    creditNoteId: optionalId(entry.creditNoteId),
    paymentId: optionalId(entry.paymentId),
    creditGrantId: optionalId(entry.creditGrantId),
    reference: entry.reference,
    notes: entry.notes,
    createdAt: formatInstant(entry.createdAt, timeZone),
  };
}

/** Null when the account is not asked to pay. */
function viewCampaign({ campaigns: [campaign], timeZone }: AccountRow) {
  if (campaign === undefined) {
    return null;
  }
  const days = campaign.requests.map(({ requestedOn }) => requestedOn.toISOString().slice(0, 10)).sort();

  return {
    id: toNumber(campaign.id),
    status: campaign.status as 'active' | 'finished',
    attempts: days.length,
    lastRequestOn: days.at(-1) ?? null,
    nextLookAt: campaign.nextLookAt && formatInstant(campaign.nextLookAt, timeZone),
  };
}
