import type { TenantSql } from '../../../platform/db/database';
import type { PaperLedger } from '../../billing/paper/paper-ledger';
import type { PaymentGateways } from '../../payments/payment-gateway';
import type { LoadedSubscription } from '../row/lock-subscription';
import { wayToAsk } from '../steps/collect-invoice';
import { askGateway } from '../steps/start-invoice-payment';
import { measuredBy, type SubscriptionBooks, wantedInvoice } from '../steps/subscription-books';

/** Books that are written nowhere: documents and account credit as they would be, and the refusals. Usage is what it is now. */
export function paperBooks(
  tx: TenantSql,
  ledger: PaperLedger,
  loaded: LoadedSubscription,
  gateways: PaymentGateways,
): SubscriptionBooks {
  return {
    isOnPaper: true,
    newAddonIds: async (count) => Array.from({ length: count }, () => ledger.nextId()),
    billed: async (item, from) => ledger.rangesOf(item, from),
    async issue(state, effect) {
      const { charges } = await measuredBy(tx, state, effect);

      return ledger.issue(wantedInvoice(state, effect, loaded, charges));
    },
    number: async ({ invoiceId }) => ledger.number(invoiceId, loaded.now),
    credit: async ({ item, from, reason }) => ledger.creditUnused(item, from, reason),
    async collect(state, invoiceId) {
      const way = wayToAsk(state, loaded, gateways);
      const { status, dueAmount: amount } = ledger.invoice(invoiceId);

      if (way === null || status !== 'open' || amount === 0) {
        return null;
      }
      const { currency } = loaded.party;
      const paymentId = ledger.nextId();
      askGateway(
        { ...way, invoiceId, paymentId, amount, currency, invoiceNumber: null, customerIp: null },
        { loaded, gateways },
      );

      if (way.isOffSession) {
        ledger.charge(invoiceId);
      }

      return { paymentId, isOffSession: way.isOffSession, event: { type: 'payment.initiated', payload: {} } };
    },
    async enter(effect) {
      switch (effect.type) {
        case 'reverse':
          return ledger.reverse(effect.invoiceId, effect.reason);
        case 'uncollectible':
          return ledger.giveUp(effect.invoiceId);
        case 'move_end':
          return ledger.moveEnd(effect);
        default:
          return undefined;
      }
    },
    tell: async () => undefined,
    save: async () => undefined,
  };
}
