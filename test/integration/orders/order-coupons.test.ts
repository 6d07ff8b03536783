import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { addCodes } from '../../../domain/promotions/add-codes';
import { createPromotion, type NewPromotion } from '../../../domain/promotions/create-promotion';
import { updatePromotion } from '../../../domain/promotions/update-promotion';
import { codeOf, openOrderWorld, type OrderWish, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

let made = 0;
const tenPercent = { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: null } as const;
const off = (amount: number) => ({ kind: 'amount', amount }) as const;

/** A promotion with a code of its own. */
async function promote(fields: Partial<NewPromotion> = {}, of = world) {
  made += 1;
  const code = `CODE-${made}`;
  const { id } = await of.database.withTenant(of.company.id, (tx) =>
    createPromotion(tx, { promotion: { name: code, code, discount: tenPercent, ...fields }, now: of.now }),
  );

  return { id, code };
}

/** How often a promotion, its codes and its customers count as used, and redemptions that are not released. */
async function usesOf(id: number) {
  const [row] = await world.query<Record<'promotion' | 'codes' | 'customers' | 'redemptions', number>>(
    `SELECT used AS promotion, (SELECT sum(used)::int FROM product.promotion_codes WHERE promotion_id = p.id) AS codes,
            (SELECT coalesce(sum(used), 0)::int FROM product.promotion_customers WHERE promotion_id = p.id) AS customers,
            (SELECT count(*)::int FROM product.promotion_redemptions WHERE promotion_id = p.id AND released_at IS NULL) AS redemptions
       FROM product.promotions p WHERE id = $1`,
    [id],
  );

  return row;
}
const allAre = (count: number) => ({ promotion: count, codes: count, customers: count, redemptions: count });
const invoiceOf = async (orderId: number) => {
  const [invoice] = await world.query(
    'SELECT id, subtotal, discount, tax, total_amount, due_amount, status, metadata FROM finance.invoices WHERE order_id = $1',
    [orderId],
  );
  const lines = await world.query(
    'SELECT subtotal, discount, tax FROM finance.invoice_lines WHERE invoice_id = $1 ORDER BY line_no',
    [invoice!['id']],
  );

  return { ...invoice, lines };
};

describe('an order with a code', () => {
  it('has its discount on the order, its items, the invoice and its lines, and says so', async () => {
    const { id, code } = await promote();
    const [shirt, hat] = [await world.addProduct({ price: 40_000 }), await world.addProduct({ price: 60_000 })];
    const { orderId } = await world.place({
      items: [
        { productId: shirt, quantity: 1 },
        { productId: hat, quantity: 1 },
      ],
      promotionCode: code,
    });

    expect(await world.read(orderId)).toMatchObject({
      subtotal: 100_000,
      tax: 10_000,
      discount: 10_000,
      totalAmount: 100_000,
      promotionCodes: [code],
      items: [{ discount: 4_000 }, { discount: 6_000 }],
      payments: [{ amount: 100_000 }],
    });
    expect(await invoiceOf(orderId)).toMatchObject({
      discount: 10_000,
      total_amount: 100_000,
      due_amount: 100_000,
      lines: [
        { subtotal: 40_000, discount: 4_000, tax: 4_000 },
        { subtotal: 60_000, discount: 6_000, tax: 6_000 },
      ],
    });
    expect(await usesOf(id)).toEqual(allAre(1));
    expect(await world.events(`order/${orderId}`)).toEqual([
      ...['order.created', 'inventory.reserved', 'inventory.reserved', 'promotion.redeemed'],
      ...['invoice.created', 'payment.initiated'],
    ]);
    const [told] = await world.query<{ payload: unknown }>(
      "SELECT payload FROM platform.events WHERE subject = $1 AND type = 'promotion.redeemed'",
      [`order/${orderId}`],
    );
    expect(told?.payload).toEqual({
      ...{ promotionId: id, code, orderId, customerId: world.customerId, discount: 10_000, currency: 'VND' },
    });
  });

  it('is discounted for the products and categories that the promotion is for, and no others', async () => {
    const [named, ofCategory, other] = [await world.addProduct(), await world.addProduct(), await world.addProduct()];
    await world.database.withTenant(world.company.id, (tx) =>
      updateProduct(tx, { id: ofCategory, changes: { category: 'Thời trang' }, now: world.now }),
    );
    const { code } = await promote({
      appliesTo: { productIds: [named], categories: ['THOI TRANG'], planIds: [], addonKeys: [] },
    });
    const items = [named, other, ofCategory].map((productId) => ({ productId, quantity: 1 }));
    const { orderId } = await world.place({ items, promotionCode: code });

    expect((await world.read(orderId)).items.map(({ discount }) => discount)).toEqual([5_000, 0, 5_000]);
  });

  it('is taxed on what is left where the company takes discounts off before tax', async () => {
    const before = await world.another({ discountTiming: 'before_tax' });
    const { code } = await promote({ discount: off(20_000) }, before);
    const { orderId } = await before.place({
      items: [{ productId: await before.addProduct({ price: 100_000 }), quantity: 1 }],
      promotionCode: code,
    });

    expect(await before.read(orderId)).toMatchObject({ discount: 20_000, tax: 8_000, totalAmount: 88_000 });
  });

  it('takes several codes off by priority, each from what is left', async () => {
    const percent = await promote({ isCombinable: true });
    const first = await promote({ isCombinable: true, discount: off(20_000), priority: 1 });
    const { orderId } = await world.place({
      items: [{ productId: await world.addProduct({ price: 100_000 }), quantity: 1 }],
      promotionCodes: [percent.code, first.code],
    });

    // 20,000, then 10 % of the 80,000 that are left.
    expect(await world.read(orderId)).toMatchObject({ discount: 28_000, promotionCodes: [first.code, percent.code] });
    expect(
      await world.query(
        'SELECT promotion_id, discount FROM product.promotion_redemptions WHERE order_id = $1 ORDER BY 2',
        [orderId],
      ),
    ).toEqual([
      { promotion_id: percent.id, discount: 8_000 },
      { promotion_id: first.id, discount: 20_000 },
    ]);
  });

  it('of everything costs nothing and is paid at once; the code is kept by a cancel', async () => {
    const { id, code } = await promote({ discount: off(1_000_000) });
    const placed = await world.place({
      items: [{ productId: await world.addProduct({ price: 100_000 }), quantity: 1 }],
      promotionCode: code,
    });
    expect(placed.payment.status).toBe('success');
    await world.steps.settleOrder({
      companyId: world.company.id,
      orderId: placed.orderId,
      paymentId: placed.payment.paymentId,
    });

    expect(await world.read(placed.orderId)).toMatchObject({
      discount: 110_000,
      totalAmount: 0,
      paymentStatus: 'paid',
    });
    await cancel(placed.orderId);
    expect(await usesOf(id)).toEqual(allAre(1));
  });

  it('that is placed again with its id is one order, and uses the code once', async () => {
    const { id, code } = await promote();
    const items = [{ productId: await world.addProduct(), quantity: 1 }];
    const { orderId } = await world.place({ items, promotionCode: code });
    await Promise.all([1, 2, 3].map(() => world.place({ orderId, items, promotionCode: code })));

    expect(await usesOf(id)).toEqual(allAre(1));
  });
});

const cancel = (orderId: number, cause: 'request' | 'window' = 'request') =>
  world.steps.cancelOrder({ companyId: world.company.id, orderId, reason: 'test', cause });

describe('a code is given back', () => {
  const place = async (code: string, wish: OrderWish = {}) =>
    world.place({ items: [{ productId: await world.addProduct(), quantity: 1 }], promotionCode: code, ...wish });

  it.each<[string, OrderWish, 'request' | 'window']>([
    ['of an order that nobody paid in time', {}, 'window'],
    ['of one that is cancelled before it is paid', {}, 'request'],
    ['of one that was to be paid on delivery', { paymentMethod: 'cod' }, 'request'],
  ])('%s, once, and can be used again', async (_which, wish, cause) => {
    const { id, code } = await promote({ maxUses: 1, maxUsesPerCustomer: 1 });
    const { orderId } = await place(code, wish);
    expect(await usesOf(id)).toEqual(allAre(1));
    await Promise.all([cancel(orderId, cause), cancel(orderId, cause)]);
    await cancel(orderId, cause);

    expect(await usesOf(id)).toEqual(allAre(0));
    const events = await world.events(`order/${orderId}`);
    expect(events.filter((type) => type === 'promotion.released')).toHaveLength(1);
    expect(await place(code)).toMatchObject({ kind: 'placed' });
  });

  it('not of an order that was paid, also when it is cancelled', async () => {
    const { id, code } = await promote({ maxUses: 1 });
    const placed = await place(code);
    await world.pay(placed);
    await cancel(placed.orderId);

    expect(await usesOf(id)).toEqual(allAre(1));
    expect(await world.events(`order/${placed.orderId}`)).not.toContain('promotion.released');
  });

  it('of one whose money came too late to pay it', async () => {
    const { id, code } = await promote();
    const placed = await place(code);
    await cancel(placed.orderId);
    await world.pay(placed);

    expect(await usesOf(id)).toEqual(allAre(0));
  });
});

describe('a code is refused, with nothing written,', () => {
  const refused = async (wish: OrderWish, of = world) => {
    const counters = () =>
      world.query(`SELECT (SELECT sum(used)::int FROM product.promotions) AS promotions, (SELECT count(*)::int FROM product.promotion_redemptions) AS uses,
                          (SELECT sum(used)::int FROM product.promotion_codes) AS codes, (SELECT sum(used)::int FROM product.promotion_customers) AS customers`);
    const before = [await of.rowCounts(), await counters()];
    const placement = await of.tryPlace({ items: [{ productId: await of.addProduct(), quantity: 1 }], ...wish });
    const after = [await of.rowCounts(), await counters()];
    // The product that it is for was added meanwhile, with its events and movements.
    expect(after[1]).toEqual(before[1]);
    expect(after[0]).toMatchObject({
      'ordering.orders': (before[0] as Record<string, number>)['ordering.orders'],
      'finance.invoices': (before[0] as Record<string, number>)['finance.invoices'],
      'finance.payments': (before[0] as Record<string, number>)['finance.payments'],
      'ordering.inventory_reservations': (before[0] as Record<string, number>)['ordering.inventory_reservations'],
    });

    return placement.kind === 'refused' ? `${placement.error.code} ${placement.error.field}` : 'placed';
  };
  const day = 86_400_000;
  const inDays = (days: number) => new Date(world.now.getTime() + days * day);

  it.each<[string, () => Promise<string>, string]>([
    ['that is not known', async () => 'NONE', 'promotion_not_found'],
    ['that has not begun', async () => (await promote({ startsAt: inDays(1) })).code, 'promotion_not_started'],
    ['that is over', async () => (await promote({ endsAt: inDays(-1) })).code, 'promotion_ended'],
    [
      'of another currency',
      async () => (await promote({ discount: off(5), currency: 'USD' })).code,
      'promotion_other_currency',
    ],
    ['below its minimum', async () => (await promote({ minSubtotal: 50_001 })).code, 'promotion_below_minimum'],
  ])('when it is one %s', async (_which, codeOfIt, expected) => {
    expect(await refused({ promotionCode: await codeOfIt() })).toBe(`${expected} /promotionCode`);
  });

  it('when its promotion is archived, until it is brought back', async () => {
    const { id, code } = await promote();
    const set = (status: 'archived' | 'active') =>
      world.database.withTenant(world.company.id, (tx) =>
        updatePromotion(tx, { id, changes: { status }, now: world.now }),
      );
    await set('archived');
    expect(await refused({ promotionCode: code })).toBe('promotion_not_found /promotionCode');
    await set('active');

    expect(
      codeOf(
        await world.tryPlace({ items: [{ productId: await world.addProduct(), quantity: 1 }], promotionCode: code }),
      ),
    ).toBeUndefined();
  });

  it('when it is for other products, or takes nothing off', async () => {
    const { code } = await promote({
      appliesTo: { productIds: [await world.addProduct()], categories: [], planIds: [], addonKeys: [] },
    });
    expect(await refused({ promotionCode: code })).toBe('promotion_not_applicable /promotionCode');
    const free = await world.addProduct({ price: 0 });

    expect(await refused({ items: [{ productId: free, quantity: 1 }], promotionCode: (await promote()).code })).toBe(
      'promotion_not_applicable /promotionCode',
    );
  });

  it('when it is used up, or used by this customer', async () => {
    const once = await promote({ maxUses: 1 });
    const each = await promote({ maxUsesPerCustomer: 1 });
    const items = [{ productId: await world.addProduct(), quantity: 1 }];
    await world.place({ items, promotionCode: once.code });
    await world.place({ items, promotionCode: each.code });

    expect(await refused({ promotionCode: once.code })).toBe('promotion_used_up /promotionCode');
    expect(await refused({ promotionCode: each.code })).toBe('promotion_already_used /promotionCode');
    const customerId = await world.company.addCustomer();
    expect(await world.place({ items, customerId, promotionCode: each.code })).toMatchObject({ kind: 'placed' });
  });

  it('beside one that it cannot be used with, and by its place in the list', async () => {
    const [one, other] = [await promote(), await promote({ isCombinable: true })];

    expect(await refused({ promotionCodes: [other.code, one.code] })).toBe(
      'promotion_not_combinable /promotionCodes/1',
    );
    expect(await refused({ promotionCodes: [other.code, 'NONE'] })).toBe('promotion_not_found /promotionCodes/1');
  });

  it('by a company whose it is not', async () => {
    const other = await world.another();
    const { code } = await promote({}, other);

    expect(await refused({ promotionCode: code })).toBe('promotion_not_found /promotionCode');
  });

  it('not at all when stock is short: that is told, and the code is not used', async () => {
    const { id, code } = await promote();
    const productId = await world.addProduct({ stock: 1 });

    expect(await refused({ items: [{ productId, quantity: 2 }], promotionCode: code })).toMatch(/^out_of_stock/);
    expect(await usesOf(id)).toMatchObject({ promotion: 0, redemptions: 0 });
  });
});

describe('limits under a rush', () => {
  it('of a promotion let two hundred buyers at once use it ten times, and hold no stock for the others', async () => {
    const { id, code } = await promote({ maxUses: 10 });
    const productId = await world.addProduct({ stock: 1_000 });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => world.tryPlace({ items: [{ productId, quantity: 1 }], promotionCode: code })),
    );

    expect(outcomes.filter(({ kind }) => kind === 'placed')).toHaveLength(10);
    expect(new Set(outcomes.filter(({ kind }) => kind === 'refused').map(codeOf))).toEqual(
      new Set(['promotion_used_up']),
    );
    expect(await usesOf(id)).toEqual(allAre(10));
    expect(await world.stock(productId)).toMatchObject({ reserved: 10 });
  });

  it('of a code among many let it be used as often as it may', async () => {
    const { id } = await promote();
    const [single] = await world.database.withTenantSql(world.company.id, (tx) =>
      addCodes(tx, {
        promotionId: id,
        batch: null,
        wish: { kind: 'generated', count: 1, prefix: '', maxUses: 1 },
        now: world.now,
      }),
    );
    const items = [{ productId: await world.addProduct({ stock: 1_000 }), quantity: 1 }];
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => world.tryPlace({ items, promotionCode: single!.code })),
    );

    expect(outcomes.filter(({ kind }) => kind === 'placed')).toHaveLength(1);
    expect(await usesOf(id)).toEqual(allAre(1));
  });

  it('of a customer let one customer use it twice in forty orders at once', async () => {
    const { id, code } = await promote({ maxUsesPerCustomer: 2 });
    const items = [{ productId: await world.addProduct({ stock: 1_000 }), quantity: 1 }];
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => world.tryPlace({ items, promotionCode: code })),
    );

    expect(outcomes.filter(({ kind }) => kind === 'placed')).toHaveLength(2);
    expect(new Set(outcomes.filter(({ kind }) => kind === 'refused').map(codeOf))).toEqual(
      new Set(['promotion_already_used']),
    );
    expect(await usesOf(id)).toEqual(allAre(2));
  });

  it('are never passed while orders are cancelled and placed at the same time, two codes in either order', async () => {
    const [a, b] = [
      await promote({ isCombinable: true, maxUses: 5 }),
      await promote({ isCombinable: true, maxUses: 5 }),
    ];
    const items = [{ productId: await world.addProduct({ stock: 1_000 }), quantity: 1 }];
    const lives = await Promise.all(
      Array.from({ length: 60 }, async (_, nth) => {
        const codes = nth % 2 === 0 ? [a.code, b.code] : [b.code, a.code];
        const placed = await world.tryPlace({ items, promotionCodes: codes });

        if (placed.kind === 'placed' && nth % 3 === 0) {
          await cancel(placed.orderId);
        }
        expect((await usesOf(a.id))!.promotion).toBeLessThanOrEqual(5);

        return codeOf(placed) ?? 'placed';
      }),
    );
    const [{ open }] = (await world.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM ordering.orders WHERE $1 = ANY (promotion_codes) AND status <> 'cancelled'",
      [a.code],
    )) as [{ open: number }];

    expect(new Set(lives)).toEqual(new Set(['placed', 'promotion_used_up']));
    expect(open).toBeLessThanOrEqual(5);
    expect(await usesOf(a.id)).toEqual(allAre(open));
    expect(await usesOf(b.id)).toEqual(allAre(open));
  });
});

describe('what goes back of a discounted line', () => {
  it.each(['after_tax', 'before_tax'] as const)('is its own share: %s', async (discountTiming) => {
    const shop = await world.another({ discountTiming });
    const [plain, discounted] = [await shop.addProduct({ price: 100_000 }), await shop.addProduct({ price: 100_000 })];
    const { code } = await promote(
      { discount: off(40_000), appliesTo: { productIds: [discounted], categories: [], planIds: [], addonKeys: [] } },
      shop,
    );
    const placed = await shop.place({
      items: [plain, discounted].map((productId) => ({ productId, quantity: 1 })),
      promotionCode: code,
    });
    await shop.pay(placed);
    const { totalAmount } = await shop.read(placed.orderId);
    await shop.refund(placed.payment.paymentId, totalAmount / 2);
    const lines = () =>
      shop.query<Record<'subtotal' | 'discount' | 'tax', number>>(
        `SELECT sum(n.subtotal)::int AS subtotal, sum(n.discount)::int AS discount, sum(n.tax)::int AS tax FROM finance.credit_note_lines n
           JOIN finance.invoice_lines l ON l.id = n.invoice_line_id JOIN finance.invoices i ON i.id = l.invoice_id
          WHERE i.order_id = $1 GROUP BY l.line_no ORDER BY l.line_no`,
        [placed.orderId],
      );
    const tax = discountTiming === 'before_tax' ? 6_000 : 10_000;

    expect(totalAmount).toBe(110_000 + 60_000 + tax);
    expect(await lines()).toEqual([
      { subtotal: -50_000, discount: 0, tax: -5_000 },
      { subtotal: -50_000, discount: -20_000, tax: -tax / 2 },
    ]);
    await shop.refund(placed.payment.paymentId, null);
    expect(await lines()).toEqual([
      { subtotal: -100_000, discount: 0, tax: -10_000 },
      { subtotal: -100_000, discount: -40_000, tax: -tax },
    ]);
  });
});
