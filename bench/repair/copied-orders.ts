import { type Copies, makeCopies } from '../scale/copy-rows';

/** Ids of copies begin far above those of the product's own rows. */
const id = '10000000 + n';

function copiesOf(orderId: number, count: number): Copies[] {
  const ofOrder = `t.order_id = ${orderId}`;

  return [
    {
      table: 'ordering.orders',
      like: `t.id = ${orderId}`,
      count,
      set: { id, order_number: `'ORD-L' || n` },
    },
    { table: 'ordering.order_items', like: ofOrder, count, set: { id, order_id: id } },
    { table: 'ordering.inventory_reservations', like: ofOrder, count, set: { id, order_id: id } },
    { table: 'finance.invoices', like: ofOrder, count, set: { id, order_id: id, order_number: `'ORD-L' || n` } },
    {
      table: 'finance.invoice_lines',
      like: `t.invoice_id = (SELECT i.id FROM finance.invoices i WHERE i.order_id = ${orderId})`,
      count,
      set: { id, invoice_id: id },
    },
    {
      table: 'finance.payments',
      like: ofOrder,
      count,
      set: { id, order_id: id, invoice_id: id, reference: `'lost-' || n` },
    },
  ];
}

/** Makes `count` more of an order that waits for its payment, set-based and without workflows. */
export async function copyUnpaidOrder(adminUrl: string, orderId: number, count: number): Promise<void> {
  // The order last: nobody must find one that is not whole.
  await makeCopies(adminUrl, copiesOf(orderId, count).toReversed(), 'ANALYZE');
}
