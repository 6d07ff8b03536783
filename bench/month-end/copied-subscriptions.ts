import { type Copies, makeCopies } from '../scale/copy-rows';
import type { MonthEndCompany } from './month-end-company';

/** Ids of copies begin far above those of the product's own rows. */
export const firstCopy = 10_000_001;

/** What a subscription that was paid once consists of, copied for a customer each. */
function copiesOf({ subscriptionId, customerId }: MonthEndCompany, count: number): Copies[] {
  const id = `${firstCopy - 1} + n`;
  const ofSubscription = `t.subscription_id = ${subscriptionId}`;
  const ofCustomer = `t.customer_id = ${customerId}`;
  const email = `'subscriber-' || n || '@month-end.test'`;

  return [
    {
      table: 'customer.customers',
      like: `t.id = ${customerId}`,
      count,
      set: { id, name: `'Subscriber ' || n`, email, search_text: `'subscriber ' || n || ' ' || ${email}` },
    },
    { table: 'finance.billing_accounts', like: ofCustomer, count, set: { id, customer_id: id } },
    { table: 'finance.payment_methods', like: ofCustomer, count, set: { id, customer_id: id } },
    {
      table: 'ordering.subscriptions',
      like: `t.id = ${subscriptionId}`,
      count,
      set: { id, customer_id: id, billing_account_id: id, payment_method_id: id },
    },
    {
      table: 'finance.invoices',
      like: ofSubscription,
      count,
      set: { id, subscription_id: id, customer_id: id, billing_account_id: id, invoice_number: `'INV-M' || n` },
    },
    {
      table: 'finance.invoice_lines',
      like: `t.invoice_id = (SELECT i.id FROM finance.invoices i WHERE i.subscription_id = ${subscriptionId})`,
      count,
      set: { id, invoice_id: id },
    },
    {
      table: 'finance.billed_service',
      like: ofSubscription,
      count,
      set: { id, subscription_id: id, invoice_line_id: id },
    },
    {
      table: 'finance.payments',
      like: ofSubscription,
      count,
      set: {
        id,
        subscription_id: id,
        invoice_id: id,
        customer_id: id,
        payment_method_id: id,
        reference: `'month-end-' || n`,
        transaction_id: `'month-end-' || n`,
      },
    },
  ];
}

/** Makes `count` more of the one subscription, set-based and without workflows. @returns the first and the last id */
export async function copySubscription(adminUrl: string, company: MonthEndCompany, count: number): Promise<number[]> {
  await makeCopies(adminUrl, copiesOf(company, count), 'VACUUM (ANALYZE)');

  return Array.from({ length: count }, (_, index) => firstCopy + index);
}
