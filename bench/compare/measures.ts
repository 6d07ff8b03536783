import { closedLoop } from '../closed-loop';
import { placeAndPay } from '../orders/place-and-pay';
import { openShop } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import type { BenchSystem } from '../start-system';
import { openSubscribers } from '../subscriptions/subscribers';
import { openSubscriberShop } from '../subscriptions/subscriber-shop';

/** A figure, and what it is the sum of where that is known: by process. */
export interface Taking {
  sum: number;
  parts: Record<string, number>;
}

/** One figure of a system, taken again and again: less is better. */
export interface Measure {
  unit: string;
  /** What stands before measuring, warm-up included. @returns takes the figure once */
  open(system: BenchSystem, size: number): Promise<() => Promise<Taking>>;
  /** Of one taking, when nobody says: seconds, or months. */
  usualSize: number;
}

const clients = 8;
const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];

const cpuOfParts = ({ pids }: BenchSystem) => parts.map((part) => cpuOf(pids[part] ?? 0));

/** CPU of each process since `before`, for each of so many orders or renewals; ms. */
function cpuSince(before: readonly number[], system: BenchSystem, count: number): Taking {
  const used = cpuOfParts(system).map((now, index) => (now - (before[index] ?? 0)) / count);

  return {
    sum: used.reduce((sum, one) => sum + one, 0),
    parts: Object.fromEntries(parts.map((part, index) => [part, used[index] ?? 0])),
  };
}

export const measures = {
  /** CPU of all processes for an order that is placed and paid, by 8 clients. */
  orders: {
    unit: 'ms CPU/order',
    usualSize: 20,
    async open(system, seconds) {
      const shop = await openShop(system.api, clients);
      const measure = async () => {
        const before = cpuOfParts(system);
        const { completed, failures } = await closedLoop(clients, seconds, async (client) => {
          await placeAndPay(system, shop, client);
        });

        if (failures.length > 0 || completed === 0) {
          throw new Error(`${failures.length} orders failed: ${failures[0] ?? 'none was completed'}`);
        }

        return cpuSince(before, system, completed);
      };
      await measure();

      return measure;
    },
  },

  /** CPU of all processes for the renewal of a monthly subscription on a test clock, its charge and its notices included. */
  renewals: {
    unit: 'ms CPU/renewal',
    usualSize: 12,
    async open(system, months) {
      const shop = await openSubscriberShop(system.api);
      const measure = async () => {
        const { clockId, subscriptionIds, after } = await openSubscribers(shop, 5, 4);
        const before = cpuOfParts(system);
        await shop.advance(clockId, after(months));

        return cpuSince(before, system, subscriptionIds.length * months);
      };
      await measure();

      return measure;
    },
  },

  /** Wall time in which a test clock takes one monthly subscription through twelve months. */
  'clock-year': {
    unit: 's',
    usualSize: 12,
    async open(system, months) {
      const shop = await openSubscriberShop(system.api);
      const measure = async () => {
        const { clockId, after } = await openSubscribers(shop, 1, 1);

        return { sum: await shop.advance(clockId, after(months)), parts: {} };
      };
      await measure();

      return measure;
    },
  },
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

export const isMeasureName = (word: string | undefined): word is MeasureName =>
  word !== undefined && Object.hasOwn(measures, word);
