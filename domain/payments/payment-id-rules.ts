/** Id of the workflow that gives a payment's money back. */
export function paymentWorkflowId(paymentId: number): string {
  return `payment/${paymentId}`;
}

/** Key of one try to charge an invoice (D3): try k+1 is made only when try k is definite. */
export function chargeEffectKey(installation: string, invoiceId: number, attempt: number): string {
  return `${installation}:invoice/${invoiceId}:try-${attempt}`;
}

/** Key of one refund (D3); without an id it is the refund of all that is due to go back, of which there is one. */
export function refundEffectKey(installation: string, paymentId: number, refundId: number | null): string {
  return `${installation}:${paymentWorkflowId(paymentId)}:${refundId === null ? 'refund-due' : `refund/${refundId}`}`;
}
