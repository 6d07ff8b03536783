import fc from 'fast-check';
import { Client } from 'pg';

import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';
import { loggedError } from '../../environment/logged-error';
import { testPassword } from '../../environment/test-company';
import { createFingerprint } from './fingerprint';
import { type Operation, readOperations } from './operations';
import { brokenRequest, type FuzzRequest, validRequest } from './request-arbitrary';
import type { SchemaContext } from './schema-arbitrary';

/** FUZZ_SEED explores: `FUZZ_SEED=$RANDOM npm test -- fuzz`. A failure is repeated by the seed that it prints. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const requestsOfEachKind = 1_000;
const batchSize = 50;
const concurrency = 16;

/** For a machine that is busy with other things; on an idle one a test takes some 15 s. */
const patience = 240_000;

interface Outcome {
  request: FuzzRequest;
  status: number;
  body: string;
  /** Milliseconds until it was answered. */
  took: number;
}

const system = testSystem();
let company: SignedUpCompany;
let tokens: Record<FuzzRequest['caller'], string | null>;
let operations: Operation[];
let context: SchemaContext;
let owner: Client;
let fingerprint: () => Promise<Record<string, string>>;
const outcomes: Outcome[] = [];

beforeAll(async () => {
  process.stdout.write(`fuzz: FUZZ_SEED=${seed}\n`);
  company = await signUpCompany();
  const decoy = await signUpCompany();
  const shopper = await company.addShopper();
  const { body: document } = await system.api.get('/openapi.json');
  const read = readOperations(document);
  // Pages for people answer in HTML.
  operations = read.operations.filter(({ path }) => !/^\/(payments\/vnpay|pay\/|account\/)/.test(path));
  context = {
    components: read.components,
    known: { ...(await sell(shopper)), companies: [decoy.id] },
    words: {
      currency: ['VND', 'VND', 'USD'],
      timeZone: ['Asia/Ho_Chi_Minh'],
      locale: ['vi-VN', 'en-GB'],
      paymentMethod: ['card', 'cod', 'vnpay'],
      paymentToken: ['tok_ok', 'tok_ok', 'tok_declined', 'tok_expired', 'tok_fails_twice', null],
      features: ['fuzz'],
      email: [shopper.email, null, null],
      password: [testPassword, null],
      subject: ['order/1', 'product/1', null],
    },
    rare: ['price', 'promotionCode', 'sku', 'attributes'],
  };
  tokens = {
    admin: company.admin.token,
    manager: company.manager.token,
    staff: company.staff.token,
    shopper: shopper.token,
    operator: await system.superAdminToken(),
    nobody: null,
  };
  owner = new Client({ connectionString: system.adminUrl });
  await owner.connect();
  fingerprint = await createFingerprint(owner, company.id);
});
afterAll(() => owner.end());

/** Something of everything, so that ids hit: products with stock, a plan, customers, orders in several states. */
async function sell(shopper: { token: string; customerId: number }): Promise<SchemaContext['known']> {
  const { api } = company;
  const created = async (path: string, body: unknown): Promise<number> => {
    const answer = await api.post(path, body);
    expect([path, answer.status, answer.status === 201 || answer.body.code]).toEqual([path, 201, true]);

    return answer.body.id as number;
  };
  const products = [];
  for (const nth of [1, 2, 3, 4, 5, 6]) {
    const id = await created('/products', {
      sku: `FUZZ-${nth}`,
      name: `Hàng ${nth}`,
      price: nth * 10_000,
      currency: 'VND',
    });
    await api.put(`/inventory/${id}`, { quantity: 1_000_000, reorderLevel: 5 });
    products.push(id);
  }
  const orders = [];
  const payments = [];
  const invoices = [];
  for (const pay of [
    { paymentMethod: 'card', paymentToken: 'tok_ok' },
    { paymentMethod: 'card', paymentToken: 'tok_declined' },
    { paymentMethod: 'cod' },
    ...Array.from({ length: 6 }, () => ({ paymentMethod: 'vnpay' })),
  ]) {
    const answer = await api.post(
      '/orders',
      { items: [{ productId: products[0], quantity: 2 }], shippingAddress: '12 Tràng Tiền', ...pay },
      { token: shopper.token },
    );
    expect(answer.status).toBe(201);
    orders.push(answer.body.id as number);
    payments.push(answer.body.paymentId as number);
    invoices.push(answer.body.invoiceId as number);
  }
  await api.post(`/orders/${orders.at(-1)}/cancel`, { reason: 'changed my mind' });
  const customers = [shopper.customerId, await company.addCustomer(), await company.addCustomer()];
  const plan = (name: string) =>
    created('/plans', {
      name,
      price: 99_000,
      currency: 'VND',
      billingCycle: 'monthly',
      trialEnabled: true,
      trialDays: 7,
    });
  const planId = [await plan('Gói A'), await plan('Gói B')];
  const subscriptions = [];
  for (const useTrial of [true, false, false]) {
    const terms = { planId: planId[0], useTrial, paymentMethod: 'card', paymentToken: 'tok_ok' };
    subscriptions.push(await created('/subscriptions', { customerId: customers[1], ...terms }));
  }

  return {
    // What is ordered is not what is archived and renamed.
    products: products.slice(3),
    productId: products.slice(0, 3),
    plans: [await plan('Gói tháng')],
    planId,
    subscriptions,
    features: [await created('/features', { code: 'fuzz', name: 'Fuzz' })],
    addons: [
      await created('/addons', { key: 'fuzz', name: 'Fuzz', price: 1_000, currency: 'VND', billingPeriod: 'monthly' }),
    ],
    ...(await setUp(created, products)),
    customers,
    customerId: customers,
    users: [company.staff.principal.userId, company.manager.principal.userId],
    orders,
    orderId: orders,
    payments,
    invoices,
    invoiceId: invoices,
  };
}

/** What is made once and read, changed or archived from then on. Nothing of it holds for what is sold here. */
async function setUp(
  created: (path: string, body: unknown) => Promise<number>,
  products: readonly number[],
): Promise<SchemaContext['known']> {
  const meters = [await created('/meters', { code: 'fuzz_calls', name: 'Calls', aggregation: 'sum' })];
  const half = { kind: 'percent', ratePpm: 500_000 };

  return {
    categories: [await created('/categories', { name: 'Gốm sứ' }), await created('/categories', { name: 'Sách' })],
    meters,
    meterId: meters,
    'tax-rates': [
      await created('/tax-rates', { code: 'VAT', name: 'VAT 8 %', ratePpm: 80_000, taxCategory: 'books' }),
      await created('/tax-rates', { code: 'ECO', name: 'Eco 1 %', ratePpm: 10_000, taxCategory: 'books' }),
    ],
    'pricing-rules': [
      await created('/pricing-rules', {
        name: 'Giá sỉ',
        appliesTo: { productIds: [products.at(-1)] },
        tiers: [{ minQuantity: 1_000, reduction: half }],
      }),
    ],
    promotions: [
      await created('/promotions', { name: 'Hè', code: 'FUZZHALF', discount: half }),
      await created('/promotions', { name: 'Đông', code: 'FUZZWINTER', discount: half }),
    ],
    'test-clocks': [await created('/test-clocks', { now: '2026-01-31T00:00:00Z' })],
  };
}

async function send(request: FuzzRequest): Promise<Outcome> {
  const token = tokens[request.caller];
  const began = performance.now();
  const response = await fetch(`${system.url}/api/v1${request.path}`, {
    method: request.method,
    redirect: 'manual',
    headers: {
      'x-company': company.slug,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(request.body === null ? {} : { body: request.body }),
  });

  const body = await response.text();

  return { request, status: response.status, body, took: Math.round(performance.now() - began) };
}

async function sendAll(requests: readonly FuzzRequest[]): Promise<Outcome[]> {
  const results: Outcome[] = [];
  const queue = [...requests];
  const work = async (): Promise<void> => {
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      const failing = request;
      results.push(
        await send(request).catch((error: unknown) => {
          throw new Error(`No answer to ${JSON.stringify(failing).slice(0, 2_000)}`, { cause: error });
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));

  return results;
}

const isRefused = ({ status }: Outcome): boolean => status >= 400 && status < 500;
const tell = ({ request, status, body, took }: Outcome): unknown => ({
  ...request,
  body: request.body?.slice(0, 500),
  status,
  took,
  answer: body.slice(0, 500),
  ...(status < 500 ? {} : { logged: loggedError(system.logFolder, /"instance":"([^"]+)"/.exec(body)?.[1] ?? '?') }),
});

/**
 * What is done within moments: a refund that was asked for, or that a cancel has made due, a card's charge, news of a payment, a
 * look at usage and its threshold.
 */
const soonDone = `
  SELECT FROM finance.refunds WHERE company_id = $1 AND status = 'pending'
  UNION ALL
  SELECT FROM finance.payments WHERE company_id = $1 AND updated_at > now() - interval '5 seconds'
     AND (status = 'refund_due' OR (method = 'card' AND status = 'initiated'))
  UNION ALL
  SELECT FROM finance.provider_events WHERE company_id = $1 AND signalled_at IS NULL
  UNION ALL
  SELECT FROM usage.threshold_looks WHERE company_id = $1`;

/** What goes on step by step, and may wait between two of them for long. */
const underWay = `
  SELECT FROM ordering.test_clocks WHERE company_id = $1 AND status = 'advancing'
  UNION ALL
  SELECT FROM ordering.price_moves WHERE company_id = $1 AND status IN ('running', 'cancelling')
  UNION ALL
  SELECT FROM platform.deployments WHERE company_id = $1 AND status IN ('planned', 'draining', 'applying', 'verifying', 'rolling_back')`;

const isAny = async (sql: string): Promise<boolean> => ((await owner.query(sql, [company.id])).rowCount ?? 0) > 0;

/** Sums once nothing moves any more: looks that all see the same, more of them while something goes on step by step. */
async function settled(): Promise<Record<string, string>> {
  for (let before = await fingerprint(), same = 0, tries = 0; ; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = await fingerprint();
    const isSame = JSON.stringify(after) === JSON.stringify(before) && !(await isAny(soonDone));
    same = isSame ? same + 1 : 0;

    if (tries === 100 || (same > 0 && (same === 10 || !(await isAny(underWay))))) {
      return after;
    }
    before = after;
  }
}

/**
 * Sends refused requests once more: nothing of the company's may differ afterwards. Without their keys, because a key
 * would only fetch the refusal that was kept.
 * @returns 1, or 0 when some were right a moment later, so that the batch says nothing
 */
async function expectNoTrace(refused: readonly Outcome[]): Promise<0 | 1> {
  const before = await settled();
  const results = await sendAll(
    refused.map(({ request }) => {
      const { 'idempotency-key': _key, ...headers } = request.headers;

      return { ...request, headers };
    }),
  );
  outcomes.push(...results.filter(({ status }) => status >= 500));

  if (!results.every(isRefused)) {
    return 0;
  }
  expectSame(before, await fingerprint(), results);

  return 1;
}

function expectSame(before: Record<string, string>, after: Record<string, string>, results: readonly Outcome[]): void {
  const changed = Object.keys(after).filter((table) => after[table] !== before[table]);

  if (changed.length > 0) {
    const told = JSON.stringify(results.map(tell), null, 1).slice(0, 20_000);
    throw new Error(`Refused requests changed ${changed.join(', ')}:\n${told}`);
  }
}

function sample(kind: typeof validRequest, salt: number): FuzzRequest[] {
  const arbitrary = fc.oneof(...operations.map((operation) => kind(operation, context)));

  return fc.sample(arbitrary, { seed: seed + salt, numRuns: requestsOfEachKind });
}

function batches<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: Math.ceil(values.length / batchSize) }, (_, nth) =>
    values.slice(nth * batchSize, (nth + 1) * batchSize),
  );
}

test(
  'a thousand broken requests are refused, and leave no trace',
  async () => {
    let conclusive = 0;
    let before = await settled();

    for (const batch of batches(sample(brokenRequest, 0))) {
      const results = await sendAll(batch);
      outcomes.push(...results);

      if (results.every(isRefused)) {
        expectSame(before, await fingerprint(), results);
        conclusive += 1;
      } else {
        // Some faults are none, as when a member is replaced by an equal value: the refused ones are looked at alone.
        conclusive += await expectNoTrace(results.filter(isRefused));
        before = await settled();
      }
    }

    expect(conclusive).toBeGreaterThanOrEqual(requestsOfEachKind / batchSize / 2);
  },
  patience,
);

test(
  'of a thousand requests that the document allows, those refused leave no trace',
  async () => {
    const results = await sendAll(sample(validRequest, 1));
    outcomes.push(...results);
    let conclusive = 0;

    for (const batch of batches(results.filter(isRefused))) {
      conclusive += await expectNoTrace(batch);
    }

    expect(results.filter(({ status }) => status < 400).length).toBeGreaterThan(requestsOfEachKind / 10);
    expect(conclusive).toBeGreaterThan(0);
  },
  patience,
);

test('no request makes the API fail, and every refusal is a problem of the catalogue', () => {
  const failures = outcomes.filter(({ status }) => status >= 500);
  const shapeless = outcomes.filter((outcome) => isRefused(outcome) && !/"code":"[a-z_]+"/.test(outcome.body));

  expect(outcomes.length).toBeGreaterThanOrEqual(2 * requestsOfEachKind);
  expect(failures.map(tell)).toEqual([]);
  expect(shapeless.map(tell)).toEqual([]);
});

test('the requests reached most of the API', () => {
  const successful = new Set(outcomes.filter(({ status }) => status < 400).map(({ request }) => request.operation));
  const missed = operations.map(({ id }) => id).filter((id) => !successful.has(id));

  const slowest = outcomes.reduce((one, other) => (other.took > one.took ? other : one));
  process.stdout.write(
    `fuzz: the slowest took ${slowest.took} ms: ${slowest.request.method} ${slowest.request.path}\n` +
      `fuzz: ${outcomes.length} requests, ${successful.size} of ${operations.length} operations succeeded at least once; not: ${missed.join(', ')}\n`,
  );
  expect(successful.size).toBeGreaterThan(operations.length / 2);
});

test('the system is well afterwards', async () => {
  expect((await system.api.get('//health/ready')).status).toBe(200);
  expect((await company.api.get('/products')).status).toBe(200);
});
