import type { TenantSql } from '../../../platform/db/database';
import { valueOfShare } from '../../billing/credit-notes/credit-from';
import type { PaperLedger } from '../../billing/paper/paper-ledger';
import { divideRatios, type Ratio } from '../../money/ratio-rules';
import { readUnitsLeft } from '../../usage/prepaid/read-units-left';
import { userAddonIdOf } from '../lifecycle/addon-rules';
import type { ItemKey } from '../lifecycle/subscription-types';
import type { LoadedSubscription } from '../row/lock-subscription';
import { readShareReturned } from '../row/return-units';
import { prepare, wayToAsk, type WaysToPay } from '../steps/collect-invoice';
import { measuredBy, type SubscriptionBooks, wantedInvoice } from '../steps/subscription-books';

/** Books that are written nowhere: documents and account credit as they would be, and the refusals. Usage is what it is now. */
export function paperBooks(
  tx: TenantSql,
  ledger: PaperLedger,
  loaded: LoadedSubscription,
  payments: WaysToPay,
): SubscriptionBooks {
  const shareReturned = async (item: ItemKey): Promise<Ratio> =>
    ledger.shareReturned(item) ?? readShareReturned(tx, item);

  return {
    isOnPaper: true,
    newAddonIds: async (count) => Array.from({ length: count }, () => ledger.nextId()),
    billed: async (item, from) => ledger.rangesOf(item, from),
    async issue(state, effect) {
      const { charges } = await measuredBy(tx, state, effect);

      return ledger.issue(wantedInvoice(state, effect, loaded, charges));
    },
    number: async ({ invoiceId }) => ledger.number(invoiceId, loaded.now),
    unitsLeft: (item, at) => readUnitsLeft(tx, { userAddonId: userAddonIdOf(item), at }),
    unitsValue: async (item) => valueOfShare(ledger.rangesOf(item, 0), await shareReturned(item)),
    credit: async ({ item, from, reason, isOfUnits }) =>
      isOfUnits === true
        ? ledger.creditUnits(item, await shareReturned(item), reason)
        : ledger.creditUnused(item, from, reason),
    async collect(state, invoiceId) {
      const way = wayToAsk(state, loaded, payments.gateways);
      const { status, dueAmount: amount } = ledger.invoice(invoiceId);

      if (way === null || status !== 'open' || amount === 0) {
        return null;
      }
      const { currency } = loaded.party;
      const paymentId = ledger.nextId();
      const asked = { ...way, invoiceId, paymentId, amount, currency, invoiceNumber: null, customerIp: null };

      if (prepare(asked, { loaded, payments }) === null) {
        return null;
      }

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
        case 'return_units': {
          const units = await readUnitsLeft(tx, { userAddonId: userAddonIdOf(effect.item), at: effect.at });

          return units && ledger.returnShare(effect.item, divideRatios(units.left, units.bought));
        }
        default:
          return undefined;
      }
    },
    tell: async () => undefined,
    save: async () => undefined,
  };
}
