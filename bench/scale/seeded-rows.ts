import type { Copies } from './copy-rows';

/** How much stands in the tables. */
export interface Scale {
  orders: number;
  subscriptions: number;
  customers: number;
  /** Of all kinds of subjects. */
  events: number;
}

/** Rows that are copied: those of one order that was placed and paid, and of one subscription with a paid invoice. */
export interface Originals {
  orderId: number;
  subscriptionId: number;
}

/** Ids of copies begin far above those of the product's own rows. */
const base = 10_000_000;
const days = 700;

/** Made over the last two years, the latest last. */
const at = (count: number) => `now() - interval '1 day' * (${days} - ${days} * n::float8 / ${count})`;

const customerOf = (customers: number) => `${base} + 1 + (n * 7919) % ${customers}`;
const one = (column: string, id: number) => `t."${column}" = ${id}`;

export function customers({ customers: count }: Scale): Copies[] {
  const name = `'Khách hàng ' || n`;

  return [
    {
      table: 'customer.customers',
      like: `t.id = (SELECT min(customer_id) FROM ordering.orders)`,
      count,
      set: {
        id: `${base} + n`,
        user_id: 'NULL',
        name,
        email: `'scale-' || n || '@example.test'`,
        search_text: `'khach hang ' || n || ' scale-' || n || '@example.test'`,
        created_at: at(count),
      },
    },
    {
      table: 'finance.billing_accounts',
      like: `t.customer_id = (SELECT min(customer_id) FROM ordering.orders)`,
      count,
      set: { id: `${base} + n`, customer_id: `${base} + n` },
    },
  ];
}

export function orders({ orders: count, customers: among }: Scale, { orderId }: Originals): Copies[] {
  const customer = customerOf(among);
  const created = at(count);
  const id = `${base} + n`;

  return [
    {
      table: 'ordering.orders',
      like: one('id', orderId),
      count,
      set: {
        id,
        order_number: `'ORD-S' || n`,
        customer_id: customer,
        created_at: created,
        status: `(ARRAY['delivered', 'delivered', 'delivered', 'delivered', 'cancelled'])[1 + n % 5]`,
      },
    },
    { table: 'ordering.order_items', like: one('order_id', orderId), count, set: { id, order_id: id } },
    {
      table: 'ordering.inventory_reservations',
      like: one('order_id', orderId),
      count,
      set: { id, order_id: id, created_at: created },
    },
    {
      table: 'finance.invoices',
      like: one('order_id', orderId),
      count,
      set: {
        id,
        order_id: id,
        order_number: `'ORD-S' || n`,
        invoice_number: `'INV-S' || n`,
        customer_id: customer,
        billing_account_id: customer,
        created_at: created,
      },
    },
    {
      table: 'finance.invoice_lines',
      like: `t.invoice_id = (SELECT id FROM finance.invoices WHERE order_id = ${orderId})`,
      count,
      set: { id, invoice_id: id },
    },
    {
      table: 'finance.payments',
      like: one('order_id', orderId),
      count,
      set: {
        id,
        order_id: id,
        invoice_id: id,
        customer_id: customer,
        reference: `'scale-' || n`,
        transaction_id: `'scale-' || n`,
        created_at: created,
      },
    },
  ];
}

export function subscriptions(
  { subscriptions: count, customers: among, orders: before }: Scale,
  of: Originals,
): Copies[] {
  const customer = customerOf(among);
  const created = at(count);
  const id = `${base} + n`;
  const invoice = `${base} + ${before} + n`;
  const ofSubscription = one('subscription_id', of.subscriptionId);

  return [
    {
      table: 'ordering.subscriptions',
      like: one('id', of.subscriptionId),
      count,
      set: {
        id,
        customer_id: customer,
        created_at: created,
        status: `'expired'`,
        next_deadline_at: 'NULL',
        next_deadline: 'NULL',
      },
    },
    {
      table: 'finance.invoices',
      like: `t.id = (SELECT min(id) FROM finance.invoices WHERE subscription_id = ${of.subscriptionId})`,
      count,
      set: {
        id: invoice,
        subscription_id: id,
        invoice_number: `'INV-T' || n`,
        customer_id: customer,
        billing_account_id: customer,
        created_at: created,
      },
    },
    {
      table: 'finance.payments',
      like: `t.id = (SELECT min(id) FROM finance.payments WHERE subscription_id = ${of.subscriptionId})`,
      count,
      set: {
        id: invoice,
        subscription_id: id,
        invoice_id: invoice,
        customer_id: customer,
        reference: `'scale-t' || n`,
        transaction_id: `'scale-t' || n`,
        created_at: created,
      },
    },
    {
      table: 'ordering.subscription_history',
      like: `t.id = (SELECT min(id) FROM ordering.subscription_history WHERE ${ofSubscription.replace('t.', '')})`,
      count,
      set: { id, subscription_id: id, created_at: created },
    },
  ];
}

/** Published long ago. */
export function events({ events: count, orders: subjects }: Scale): Copies[] {
  return [
    {
      table: 'platform.events',
      like: `t.id = (SELECT min(id) FROM platform.events WHERE type = 'order.created' AND position IS NOT NULL)`,
      count,
      set: {
        id: `${base} + n`,
        subject: `'order/' || (${base} + 1 + n % ${subjects})`,
        subject_seq: `n / ${subjects} + 1`,
        type: `(ARRAY['order.created', 'inventory.reserved', 'invoice.created', 'payment.initiated', 'payment.success'])[1 + n % 5]`,
        position: `${base} + n`,
        occurred_at: at(count),
        published_at: at(count),
      },
    },
  ];
}
