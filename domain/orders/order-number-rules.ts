/** The number people see: the nth order of its company, which may have gaps. */
export function orderNumberOf(nth: number): string {
  return `ORD-${String(nth).padStart(6, '0')}`;
}

/** Subject of an order's events, and the id of the workflow that owns it. */
export function orderSubject(orderId: number): string {
  return `order/${orderId}`;
}
