/** Every event of the product, by its canonical dotted name (S345–S364, S398). */
export const eventTypes = [
  'user.created',
  'user.login_throttled',
  'user.password_changed',
  'user.email_confirmed',
  'company.created',
  'company.updated',
  'customer.created',
  'customer.updated',
  'billing_account.created',
  'product.created',
  'product.updated',
  'plan.created',
  'plan.updated',
  'feature.created',
  'feature.updated',
  'addon.created',
  'addon.updated',
  'addon.purchased',
  'addon.activated',
  'addon.renewed',
  'addon.removed',
  'addon.expired',
  'promotion.created',
  'promotion.updated',
  'promotion.redeemed',
  'promotion.released',
  'meter.created',
  'meter.updated',
  'meter.price.created',
  'meter.price.archived',
  'inventory.updated',
  'inventory.low_stock',
  'inventory.reserved',
  'inventory.released',
  'inventory.deducted',
  'order.created',
  'order.confirmed',
  'order.completed',
  'order.shipped',
  'order.delivered',
  'order.cancelled',
  'invoice.created',
  'invoice.updated',
  'invoice.overdue',
  'credit_note.created',
  'payment.initiated',
  'payment.success',
  'payment.failed',
  'payment.retry',
  'payment.refunded',
  'payment.refund_due',
  'payment_request.created',
  'dunning_campaign.finished',
  'subscription.created',
  'subscription.trial.started',
  'subscription.trial.ending',
  'subscription.trial.ended',
  'subscription.activated',
  'subscription.renewal.upcoming',
  'subscription.renewed',
  'subscription.past_due',
  'subscription.paused',
  'subscription.resumed',
  'subscription.plan.changed',
  'subscription.updated',
  'subscription.reactivated',
  'subscription.cancelled',
  'subscription.expired',
] as const;

export type EventType = (typeof eventTypes)[number];

/** `payload` is plain JSON: amounts in minor units beside a currency, instants as ISO 8601 text. */
export interface DomainEvent {
  type: EventType;
  payload: Record<string, unknown>;
}

/** The documents' upper-case synonym of a name: `order.created` is ORDER_CREATED (S398). */
export function synonymOf(type: EventType): string {
  return type.replaceAll('.', '_').toUpperCase();
}
