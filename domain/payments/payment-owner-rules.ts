/** The workflow a payment belongs to, which takes its outcome in (D5); null when nobody owns it. */
export function paymentOwner({
  orderId,
  subscriptionId,
}: {
  orderId: number | null;
  subscriptionId: number | null;
}): string | null {
  if (orderId !== null) {
    return `order/${orderId}`;
  }

  return subscriptionId === null ? null : `subscription/${subscriptionId}`;
}
