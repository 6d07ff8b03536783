import { closedLoop } from '../closed-loop';
import { placeAndPay } from '../orders/place-and-pay';
import { openShop } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import type { BenchSystem } from '../start-system';
import { openSubscribers } from '../subscriptions/subscribers';
import { openSubscriberShop } from '../subscriptions/subscriber-shop';

/** One figure of a system, taken again and again: less is better. */
export interface Measure {
  unit: string;
  /** What stands before measuring, warm-up included. @returns takes the figure once */
  open(system: BenchSystem, size: number): Promise<() => Promise<number>>;
  /** Of one taking, when nobody says: seconds, or months. */
  usualSize: number;
}

const clients = 8;
const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];

const cpuOfAll = ({ pids }: BenchSystem) => parts.reduce((sum, part) => sum + cpuOf(pids[part] ?? 0), 0);

export const measures = {
  /** CPU of all processes for an order that is placed and paid, by 8 clients. */
  orders: {
    unit: 'ms CPU/order',
    usualSize: 20,
    async open(system, seconds) {
      const shop = await openShop(system.api, clients);
      const measure = async () => {
        const before = cpuOfAll(system);
        const { completed, failures } = await closedLoop(clients, seconds, async (client) => {
          await placeAndPay(system, shop, client);
        });

        if (failures.length > 0 || completed === 0) {
          throw new Error(`${failures.length} orders failed: ${failures[0] ?? 'none was completed'}`);
        }

        return (cpuOfAll(system) - before) / completed;
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
        const before = cpuOfAll(system);
        await shop.advance(clockId, after(months));

        return (cpuOfAll(system) - before) / (subscriptionIds.length * months);
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

        return shop.advance(clockId, after(months));
      };
      await measure();

      return measure;
    },
  },
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

export const isMeasureName = (word: string | undefined): word is MeasureName =>
  word !== undefined && Object.hasOwn(measures, word);
