import { setTimeout as delay } from 'node:timers/promises';

import { createApiClient } from '../environment/api-client';
import { openTestCompany, type TestCompany } from '../environment/test-company';
import { type Bought, type Load, placeAgain, startBuying } from './buy-stubbornly';
import { type Books, findDamage, findWrongEnds } from './find-damage';
import { findWrongStates } from './find-wrong-states';
import { type Part, type RunningShop, startShop } from './running-shop';

const orders = 200;
const clients = 8;
/** Where in the load the part dies: connections, workflows and keys are in every state then. */
const killedAfter = 60;
const settledWithinMs = 60_000;

let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

async function openShop(): Promise<{ company: TestCompany; productIds: number[] }> {
  const company = await openTestCompany(shop.database, { secret: shop.jwtSecret });
  const admin = createApiClient(shop.api, { token: company.admin.token });
  const made = await Promise.all(
    ['Áo dài', 'Nón lá', 'Khăn rằn'].map((name, nth) =>
      admin.post('/products', { sku: `SKU-${nth}`, name, price: 50_000 + nth, currency: 'VND', stock: 10_000 }),
    ),
  );

  return { company, productIds: made.map(({ body }) => body.id) };
}

/** Refunds, relayed callbacks and published events come after the answers. */
async function untilSound(books: Books, bought: readonly Bought[]): Promise<string[]> {
  for (const until = performance.now() + settledWithinMs; ; await delay(250)) {
    const found = [...(await findWrongEnds(books, bought)), ...(await findDamage(books))];

    if (found.length === 0 || performance.now() > until) {
      return found;
    }
  }
}

/** Orders that are not over need their workflow, and only they. */
const findLostWorkflows = ({ bought }: Load) =>
  findWrongStates(
    shop,
    bought.map(({ story, orderId }) => ({
      workflowId: `order/${orderId}`,
      isOver: ['cancelled', 'paid_and_cancelled', 'delivered_for_cash'].includes(story),
    })),
  );

test.each<Part>(['Worker host', 'API', 'Temporal', 'PostgreSQL'])(
  'kill -9 of %s among orders loses none, charges none twice, and repeats find the same ones',
  async (part) => {
    const { company, productIds } = await openShop();
    const load = await startBuying({ shop, company, productIds, orders, clients });
    await load.acknowledged(killedAfter);
    shop.kill(part);
    await load.done;
    const books = { adminUrl: shop.adminUrl, companyId: company.id };
    const damage = await untilSound(books, load.bought);
    const repeated = await Promise.all(load.bought.map((bought) => placeAgain(shop, bought)));

    expect({ damage, surprises: load.surprises, logs: damage.length === 0 ? '' : shop.logs() }).toEqual({
      damage: [],
      surprises: [],
      logs: '',
    });
    expect(new Set(load.bought.map(({ orderId }) => orderId)).size).toBe(orders);
    expect(repeated.map(({ status, body }) => [status, body.id])).toEqual(
      load.bought.map(({ orderId }) => [201, orderId]),
    );
    expect(await findLostWorkflows(load)).toEqual([]);
    expect(await shop.reportsOnceUp(part)).toEqual([
      `! ${part} ended unexpectedly (by SIGKILL); starting it again`,
      `! ${part} is up again`,
    ]);
  },
);
