import { toNumber } from '../../platform/db/columns';
import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { customerSearchText } from './customer-search-text';
import { assertTaxData } from './assert-tax-data';
import type { BuyerTaxData } from './buyer-tax-data';
import { type CustomerRow, customerParts } from './customer-view';

export interface CustomerChanges extends Partial<BuyerTaxData> {
  name?: string;
  /** Lower case. */
  email?: string;
  phone?: string | null;
  segment?: string;
  /** Payment terms; null: the company's. */
  daysUntilDue?: number | null;
}

/**
 * Changes a customer's record. Where the customer has a user, the address they sign in with moves along with `email`.
 * Tax data is judged as it stands afterwards; who is exempt no longer has no reason for it either.
 * @throws AppError not_found; already_exists on /email; validation_failed on /taxCode, /taxExemptReason
 */
export async function updateCustomer(
  tx: TenantTransaction,
  input: { id: number; changes: CustomerChanges; now: Date },
): Promise<CustomerRow> {
  const { id, now } = input;
  await tx.orm.$queryRaw`SELECT FROM customer.customers WHERE id = ${id}::bigint FOR UPDATE`;
  const before = await tx.orm.customer.findUnique({ where: { id }, include: customerParts });

  if (before === null) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }

  const changes = changesOf(before, withReasonDropped(before, input.changes));

  if (Object.keys(changes).length === 0) {
    return before;
  }

  if (taxFields.some((field) => changes[field] !== undefined)) {
    assertTaxData({ ...before, ...changes });
  }

  if (changes.email !== undefined) {
    await assertFree(tx, before, changes.email);
  }

  const after = await tx.orm.customer.update({
    where: { id },
    data: { ...changes, searchText: customerSearchText({ ...before, ...changes }), updatedAt: now },
    include: customerParts,
  });

  if (changes.email !== undefined && before.userId !== null) {
    await tx.orm.user.update({
      where: { id: before.userId },
      data: { email: changes.email, emailVerifiedAt: null, updatedAt: now },
    });
  }

  await appendEvents(tx, {
    subject: `customer/${id}`,
    events: [{ type: 'customer.updated', payload: { customerId: toNumber(after.id), ...changes } }],
    now,
  });

  return after;
}

/** What the rules of tax data are about: a record from before them may keep its other fields up to date. */
const taxFields = ['taxStatus', 'taxExemptReason', 'taxCode', 'country'] as const;

function withReasonDropped(before: CustomerRow, wanted: CustomerChanges): CustomerChanges {
  const endsExemption = (wanted.taxStatus ?? before.taxStatus) !== 'exempt' && wanted.taxExemptReason === undefined;

  return endsExemption ? { ...wanted, taxExemptReason: null } : wanted;
}

function changesOf(before: CustomerRow, wanted: CustomerChanges): CustomerChanges {
  const entries = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && value !== before[key as keyof CustomerChanges],
  );

  return Object.fromEntries(entries);
}

/** Two updates to one address at once: the unique keys settle it, and the loser gets the same code from the edge. */
async function assertFree(tx: TenantTransaction, customer: CustomerRow, email: string): Promise<void> {
  const ofCustomer = await tx.orm.customer.findFirst({ where: { email, id: { not: customer.id } } });
  const ofUser =
    customer.userId === null ? null : await tx.orm.user.findFirst({ where: { email, id: { not: customer.userId } } });

  if (ofCustomer !== null || ofUser !== null) {
    throw new AppError('already_exists', { field: '/email', detail: 'The e-mail address is in use.' });
  }
}
