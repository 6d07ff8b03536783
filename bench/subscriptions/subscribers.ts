import type { SubscriberShop } from './subscriber-shop';

const firstDay = Date.parse('2025-01-20T09:00:00+07:00');
const dayMs = 86_400_000;

/** A clock with subscriptions of several anchors, one day apart. */
export interface Subscribers {
  clockId: number;
  subscriptionIds: number[];
  /** All that were renewed so often have had their last renewal by then, and none has had the next one. */
  after(renewals: number): string;
}

/** Monthly subscriptions with a card that pays, made one day after another: `groups` anchors with `each` of them. */
export async function openSubscribers(shop: SubscriberShop, groups: number, each: number): Promise<Subscribers> {
  const clockId = await shop.addClock(new Date(firstDay).toISOString());
  const subscriptionIds: number[] = [];

  for (let group = 0; group < groups; group += 1) {
    if (group > 0) {
      await shop.advance(clockId, new Date(firstDay + group * dayMs).toISOString());
    }
    const subscribe = async () => shop.subscribe(await shop.addCustomer(clockId));
    subscriptionIds.push(...(await Promise.all(Array.from({ length: each }, subscribe))));
  }

  return {
    clockId,
    subscriptionIds,
    after: (renewals) => {
      // Some days after the last anchor's day of the month; the first renewal after it is two weeks ahead.
      const end = new Date(firstDay + (groups + 1) * dayMs);
      end.setUTCMonth(end.getUTCMonth() + renewals);

      return end.toISOString();
    },
  };
}
