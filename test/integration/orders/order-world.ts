import { Pool, type QueryResultRow, types } from 'pg';

import { createOrderActivities } from '../../../activities/order-activities';
import { createPaymentActivities } from '../../../activities/payment-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createProduct } from '../../../domain/catalogue/products/create-product';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import type { AppError } from '../../../domain/errors';
import { setInventory } from '../../../domain/inventory/set-inventory';
import type { PlaceOrderInput, Placement } from '../../../domain/orders/order-types';
import type { OrderRow } from '../../../domain/orders/order-view';
import { readOrder } from '../../../domain/orders/read-orders';
import type { PaymentGateways } from '../../../domain/payments/payment-gateway';
import { readPayment } from '../../../domain/payments/read-payment';
import { recordOutcome, type RecordedOutcome } from '../../../domain/payments/record-outcome';
import { openGateways } from '../../../gateways/open-gateways';
import { readConfig } from '../../../platform/config';
import type { Database } from '../../../platform/db/database';
import { createLogger } from '../../../platform/logger';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

export type Placed = Extract<Placement, { kind: 'placed' }> & { orderId: number };
export type OrderWish = Partial<Omit<PlaceOrderInput, 'companyId'>>;

export interface BookedOutcome {
  paidAmount?: number;
  provider?: string;
}

/** One company with everything an order needs, on a database of its own; the database steps of the real workflows. */
export interface OrderWorld {
  test: TestDatabase;
  database: Database;
  gateways: PaymentGateways;
  company: TestCompany;
  customerId: number;
  steps: ReturnType<typeof createOrderActivities> & ReturnType<typeof createPaymentActivities>;
  /** What every step takes for now. */
  now: Date;
  /** Another company in the same database, with a customer of its own. */
  another(settings?: Partial<Settings>): Promise<OrderWorld>;
  addProduct(fields?: { price?: number; stock?: number; reorderLevel?: number; currency?: string }): Promise<number>;
  /** What the step answers, refusals as values. */
  tryPlace(wish: OrderWish): Promise<Placement & { orderId: number }>;
  /** @throws Error when the order is refused */
  place(wish: OrderWish): Promise<Placed>;
  /** Enters an outcome into the inbox, as a callback does; the order does not know of it yet. */
  enter(paymentId: number, outcome: 'success' | 'failed', options?: BookedOutcome): Promise<RecordedOutcome | null>;
  /** Enters a success and lets the order take it in. */
  pay(placed: { orderId: number; payment: { paymentId: number } }): ReturnType<OrderWorld['steps']['settleOrder']>;
  payAgain(
    orderId: number,
    wish?: { paymentMethod?: 'vnpay' | 'card' | 'cod'; paymentToken?: string },
  ): Promise<number>;
  /** Begins and completes a refund. @returns the refund's id */
  refund(paymentId: number, amount: number | null): Promise<number>;
  read(orderId: number): Promise<OrderRow>;
  /** Rows as the owner sees them; bigint columns arrive as numbers. */
  query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Types of the events of a subject, in order. */
  events(subject: string): Promise<string[]>;
  stock(productId: number): Promise<{ quantity: number; reserved: number; available: number }>;
  /** Rows in every table that an order writes to. */
  rowCounts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const writtenTables = [
  ...['ordering.orders', 'ordering.order_items', 'ordering.inventory_reservations', 'ordering.inventory_movements'],
  ...['finance.invoices', 'finance.invoice_lines', 'finance.payments', 'finance.refunds', 'finance.invoice_counters'],
  ...['platform.events', 'platform.event_subjects'],
];

/** @param options.env variables of platform/config.ts that differ, such as where VNPay is */
export async function openOrderWorld(
  options: { settings?: Partial<Settings>; env?: Record<string, string> } = {},
): Promise<OrderWorld> {
  const test = await createTestDatabase({ poolSize: 24 });

  return openWorld(test, new Pool({ connectionString: test.adminUrl, max: 4 }), options.settings ?? {}, options.env);
}

async function openWorld(
  test: TestDatabase,
  owner: Pool,
  settings: Partial<Settings>,
  env: Record<string, string> = {},
): Promise<OrderWorld> {
  const { database } = test;
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: test.appUrl, ...env });
  const logger = createLogger({ level: 'silent', name: 'test' });
  const gateways = await openGateways({ config, database, logger });
  const company = await openTestCompany(database, { settings });
  const clock = { now: () => world.now };
  const resources = { database, gateways, clock, installation: 'test' };
  let products = 0;

  const world: OrderWorld = {
    test,
    database,
    gateways,
    company,
    customerId: await company.addCustomer(),
    steps: { ...createOrderActivities(resources), ...createPaymentActivities(resources) },
    now: new Date('2026-05-04T03:00:00.000Z'),

    another: (others = {}) => openWorld(test, owner, others, env),

    async addProduct({ price = 50_000, stock = 100, reorderLevel, currency } = {}) {
      const id = await reserveId(database, 'product');
      products += 1;
      await database.withTenant(company.id, async (tx) => {
        const product = { id, sku: `SKU-${id}`, name: `Sản phẩm ${products}`, price, ...(currency && { currency }) };
        await createProduct(tx, { product, now: world.now });
        await setInventory(tx, { productId: id, quantity: stock, reorderLevel, userId: null, now: world.now });
      });

      return id;
    },

    async tryPlace(wish) {
      const orderId = wish.orderId ?? (await reserveId(database, 'order'));
      const placement = await world.steps.placeOrder({
        customerId: world.customerId,
        items: [],
        shippingAddress: '12 Tràng Tiền, Hà Nội',
        billingAddress: null,
        paymentMethod: 'vnpay',
        paymentToken: null,
        customerIp: '203.0.113.9',
        locale: 'vi',
        ...wish,
        companyId: company.id,
        orderId,
      });

      return { ...placement, orderId };
    },

    async place(wish) {
      const placement = await world.tryPlace(wish);

      if (placement.kind === 'refused') {
        throw new Error(`refused: ${JSON.stringify(placement.error)}`);
      }

      return placement;
    },

    enter: (paymentId, outcome, { paidAmount, provider = 'vnpay' } = {}) =>
      database.withTenantSql(company.id, async (tx) => {
        const payment = await readPayment(tx, paymentId);
        const isSuccess = outcome === 'success';

        return recordOutcome(
          tx,
          {
            reference: payment?.reference ?? 'none',
            provider,
            outcome,
            paidAmount: isSuccess ? (paidAmount ?? payment?.amount ?? 0) : 0,
            transactionId: isSuccess ? `T${paymentId}` : null,
            paidAt: null,
            failureReason: isSuccess ? null : 'vnpay_24',
            payload: {},
          },
          world.now,
        );
      }),

    async pay({ orderId, payment }) {
      await world.enter(payment.paymentId, 'success');

      return world.steps.settleOrder({ companyId: company.id, orderId, paymentId: payment.paymentId });
    },

    async payAgain(orderId, { paymentMethod = 'vnpay', paymentToken } = {}) {
      const started = await world.steps.startPayment({
        companyId: company.id,
        orderId,
        paymentId: await reserveId(database, 'payment'),
        paymentMethod,
        paymentToken: paymentToken ?? null,
        customerIp: null,
        locale: 'vi',
      });

      return unpack(started).paymentId;
    },

    async refund(paymentId, amount) {
      const refundId = await reserveId(database, 'refund');
      const company_ = { companyId: company.id };
      unpack(await world.steps.beginRefund({ ...company_, paymentId, refundId, amount, reason: 'test' }));
      await world.steps.completeRefund({
        ...company_,
        refundId,
        outcome: { kind: 'succeeded', transactionId: `R${refundId}` },
      });

      return refundId;
    },

    async read(orderId) {
      const order = await database.withTenantSql(company.id, (tx) => readOrder(tx, { orderId }));

      if (order === null) {
        throw new Error(`Order ${orderId} is not there.`);
      }

      return order;
    },

    async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []) {
      return (await owner.query<Row>({ text: sql, values, types: numbers })).rows;
    },

    async events(subject) {
      const rows = await world.query<{ type: string; subject_seq: number }>(
        'SELECT type, subject_seq FROM platform.events WHERE company_id = $1 AND subject = $2 ORDER BY subject_seq',
        [company.id, subject],
      );
      expect(rows.map(({ subject_seq }) => subject_seq)).toEqual(rows.map((_, index) => index + 1));

      return rows.map(({ type }) => type);
    },

    async stock(productId) {
      const [row] = await world.query<{ quantity: number; reserved: number; available: number }>(
        'SELECT quantity, reserved, available FROM ordering.inventory WHERE product_id = $1',
        [productId],
      );

      return row!;
    },

    async rowCounts() {
      const columns = writtenTables.map((table) => `(SELECT count(*) FROM ${table}) AS "${table}"`);
      const [counts] = await world.query<Record<string, number>>(`SELECT ${columns.join(', ')}`);

      return counts!;
    },

    async close() {
      await owner.end();
      await test.drop();
    },
  };

  return world;
}

/** The value of a step, or an error that names the code of its refusal. */
export function unpack<Value>(
  result: { kind: 'done'; value: Value } | { kind: 'refused'; error: { code: string } },
): Value {
  if (result.kind === 'refused') {
    throw new Error(`refused: ${result.error.code}`);
  }

  return result.value;
}

export const codeOf = (result: { kind: string; error?: ReturnType<AppError['toJSON']> }): string | undefined =>
  result.error?.code;

/** `code /field` of what an operation of the domain refuses with; undefined when it is carried out. */
export async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(() => undefined).catch((caught: AppError) => caught);

  return error && `${error.code} ${error.field ?? ''}`.trim();
}

const bigintType = 20;
const numbers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigintType ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};
