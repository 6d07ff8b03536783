/** The number people see: from the order's id, so it is unique and needs no counter of its own. */
export function orderNumberOf(orderId: number): string {
  return `ORD-${String(orderId).padStart(6, '0')}`;
}

/** Subject of an order's events, and the id of the workflow that owns it. */
export function orderSubject(orderId: number): string {
  return `order/${orderId}`;
}
