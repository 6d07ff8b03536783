import { randomUUID } from 'node:crypto';

import { queryAsOwner } from '../environment/admin';
import { type Answer, type ApiClient, createApiClient } from '../environment/api-client';
import { openTestCompany, type TestCompany } from '../environment/test-company';
import { repeatUntilAnswered } from './repeat-until-answered';
import { type Part, type RunningShop, startShop } from './running-shop';

const buyers = 200;
const uses = 20;
/** Where in the rush the part dies: some have the code, most still ask for it. */
const killedAfter = 10;

let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

interface Wish {
  api: ApiClient;
  path: '/orders' | '/subscriptions';
  body: object;
  key: string;
  answer: Answer | null;
}

interface Offer {
  company: TestCompany;
  admin: ApiClient;
  productId: number;
  planId: number;
}

async function openOffer(): Promise<Offer> {
  const company = await openTestCompany(shop.database, { secret: shop.jwtSecret });
  const admin = createApiClient(shop.api, { token: company.admin.token });
  const product = { sku: 'AO-DAI', name: 'Áo dài', price: 50_000, currency: 'VND', stock: 10_000 };
  const { body: made } = await admin.post('/products', product);
  const { body: plan } = await admin.post('/plans', { name: 'Gói tháng', price: 99_000, billingCycle: 'monthly' });

  return { company, admin, productId: made.id, planId: plan.id };
}

/**
 * Each is another customer; every other one subscribes, by a card that is charged. One is entered after the other: who waits
 * for a connection for seconds is refused.
 */
async function wishes({ company, productId, planId }: Offer, code: string): Promise<Wish[]> {
  const asked: Wish[] = [];

  while (asked.length < buyers) {
    const { token } = await company.addShopper();
    const api = createApiClient(shop.api, { token });
    const wanted =
      asked.length % 2 === 0
        ? {
            path: '/orders' as const,
            body: { items: [{ productId, quantity: 1 }], shippingAddress: '12 Tràng Tiền, Hà Nội' },
          }
        : {
            path: '/subscriptions' as const,
            body: { planId, paymentMethod: 'card', paymentToken: 'tok_ok' },
          };
    const body = { ...wanted.body, promotionCode: code };
    asked.push({ ...wanted, api, body, key: randomUUID(), answer: null });
  }

  return asked;
}

const send = ({ api, path, body, key }: Wish) => api.post(path, body, { headers: { 'idempotency-key': key } });

test.each<Part>(['Worker host', 'API'])(
  'kill -9 of %s amid 200 buyers of a code with 20 uses leaves 20 who have it, each once',
  async (part) => {
    const offer = await openOffer();
    const code = 'TET-2027';
    const { body: promotion } = await offer.admin.post('/promotions', {
      name: 'Tết',
      code,
      discount: { kind: 'percent', ratePpm: 100_000 },
      maxUses: uses,
    });
    const asked = await wishes(offer, code);
    const surprises: string[] = [];
    let won = 0;
    await Promise.all(
      asked.map(async (wish) => {
        const refusals = ['promotion_used_up'];
        wish.answer = await repeatUntilAnswered({ what: wish.path, send: () => send(wish), surprises, refusals });

        if (wish.answer.status === 201) {
          won += 1;

          if (won === killedAfter) {
            shop.kill(part);
          }
        }
      }),
    );
    const winners = asked.filter(({ answer }) => answer?.status === 201);
    const repeated = await Promise.all(winners.map(send));
    const kept = await queryAsOwner<{ uses: number; owners: number; used: number; taken: number }>(
      shop.adminUrl,
      `SELECT count(r.id)::int AS uses, count(DISTINCT (r.order_id, r.subscription_id))::int AS owners, p.used::int AS used,
              (SELECT count(*)::int FROM finance.invoices i WHERE i.company_id = p.company_id AND i.discount > 0) AS taken
         FROM product.promotions p
         JOIN product.promotion_redemptions r ON r.company_id = p.company_id AND r.promotion_id = p.id AND r.released_at IS NULL
        WHERE p.company_id = $1 AND p.id = $2 GROUP BY p.company_id, p.id`,
      [offer.company.id, promotion.id],
    );

    expect({ surprises, winners: winners.length, kept }).toEqual({
      surprises: [],
      winners: uses,
      kept: [{ uses, owners: uses, used: uses, taken: uses }],
    });
    expect(repeated.map(({ status, body }) => [status, body.id])).toEqual(
      winners.map(({ answer }) => [201, answer?.body.id]),
    );
    expect(await shop.reportsOnceUp(part)).toEqual([
      `! ${part} ended unexpectedly (by SIGKILL); starting it again`,
      `! ${part} is up again`,
    ]);
  },
);
