import { createApiClient, type Answer, type ApiClient } from '../environment/api-client';
import { openTestCompany } from '../environment/test-company';
import type { RunningShop } from './running-shop';

/** A company whose subscriptions are all on one test clock. */
export interface BilledCompany {
  companyId: number;
  api: ApiClient;
  clockId: number;
  /** In the order of their customers. */
  subscriptionIds: number[];
}

/** Where the clock stands before the first subscription, and where the advance that is disturbed leads: three months on. */
const firstDay = Date.parse('2025-10-22T09:00:00+07:00');
export const target = '2026-02-03T09:00:00+07:00';

const perAnchor = 5;
const mostAnchors = 10;
export const subscriptions = mostAnchors * perAnchor;
const dayMs = 86_400_000;

/** What a customer's card does. Cards that decline come with a trial, so that what fails is dunned and not void. */
const allCards = [
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_declined',
  'tok_fails_twice',
  'tok_ok',
  'tok_timeout',
  'tok_expired',
];

/**
 * Fifty monthly subscriptions of ten anchors, or fewer, the last days of a month among them, on one clock. Always the same
 * ones by the names of their customers, so that companies compare.
 */
export async function openBilledCompany(
  shop: RunningShop,
  { anchors = mostAnchors, cards = allCards }: { anchors?: number; cards?: readonly string[] } = {},
): Promise<BilledCompany> {
  const company = await openTestCompany(shop.database, { secret: shop.jwtSecret });
  const api = createApiClient(shop.api, { token: company.admin.token });
  const plan = { price: 299_000, currency: 'VND', billingCycle: 'monthly' };
  const plain = await make(api.post('/plans', { name: 'Plain', ...plan }));
  const tried = await make(api.post('/plans', { name: 'Tried', ...plan, trialEnabled: true, trialDays: 5 }));
  const clock = await make(api.post('/test-clocks', { now: new Date(firstDay).toISOString() }));
  const subscribe = async (nth: number) => {
    const name = `Customer ${String(nth).padStart(2, '0')}`;
    const email = `nth-${nth}@${company.slug}.test`;
    const customer = await make(api.post('/customers', { name, email, testClockId: clock.id }));
    const paymentToken = cards[nth % cards.length];
    const useTrial = paymentToken !== 'tok_ok';
    const made = await make(
      api.post('/subscriptions', {
        customerId: customer.id,
        planId: useTrial ? tried.id : plain.id,
        useTrial,
        paymentMethod: 'card',
        paymentToken,
      }),
    );

    return made.id as number;
  };
  const subscriptionIds: number[] = [];

  for (let anchor = 0; anchor < anchors; anchor += 1) {
    if (anchor > 0) {
      const to = new Date(firstDay + anchor * dayMs).toISOString();
      await advance({ api, clockId: clock.id }, to, 150_000);
    }
    const made = Array.from({ length: perAnchor }, (_, nth) => subscribe(anchor * perAnchor + nth));
    subscriptionIds.push(...(await Promise.all(made)));
  }

  return { companyId: company.id, api, clockId: clock.id, subscriptionIds };
}

/** Asks once for an advance, then only looks at the clock until it has arrived; answers that fail on the way are borne. */
export async function advance(
  { api, clockId }: Pick<BilledCompany, 'api' | 'clockId'>,
  to: string,
  withinMs: number,
): Promise<void> {
  const asked = api.post(`/test-clocks/${clockId}/advance`, { to }).catch(() => null);
  let seen: Answer | null = await asked;

  for (
    const until = performance.now() + withinMs;
    ;
    seen = await api.get(`/test-clocks/${clockId}`).catch(() => null)
  ) {
    if (seen?.status === 200 && seen.body.status === 'ready' && Date.parse(seen.body.now) === Date.parse(to)) {
      return;
    }

    if (performance.now() > until) {
      throw new Error(`The clock did not arrive within ${withinMs / 1_000} s; last: ${seen?.text ?? 'no answer'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function make(asked: Promise<Answer>): Promise<any> {
  const { status, body, text } = await asked;

  if (status !== 201) {
    throw new Error(`Expected 201, got ${status}: ${text}`);
  }

  return body;
}
