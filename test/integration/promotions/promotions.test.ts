import { createProduct } from '../../../domain/catalogue/products/create-product';
import { addCodes, type CodeWish } from '../../../domain/promotions/add-codes';
import { createPromotion, type NewPromotion } from '../../../domain/promotions/create-promotion';
import { listCodes } from '../../../domain/promotions/list-codes';
import { listPromotions, type PromotionFilter } from '../../../domain/promotions/list-promotions';
import { type PromotionChanges, updatePromotion } from '../../../domain/promotions/update-promotion';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from '../catalogue/catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world?.test.drop());

const now = () => systemClock.now();
const tenPercent = { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: null } as const;
const create = (promotion: Partial<NewPromotion> = {}, companyId?: number) =>
  world.run(
    (tx) =>
      createPromotion(tx, { promotion: { name: 'Khuyến mãi hè', discount: tenPercent, ...promotion }, now: now() }),
    companyId,
  );
const update = (id: number, changes: PromotionChanges, companyId?: number) =>
  world.run((tx) => updatePromotion(tx, { id, changes, now: now() }), companyId);
const add = (promotionId: number, wish: CodeWish, batch: number | null = null, companyId?: number) =>
  world.run((tx) => addCodes(tx, { promotionId, batch, wish, now: now() }), companyId);
const named = (code: string): CodeWish => ({ kind: 'named', code, maxUses: null });
const many = (count: number, prefix = 'TET-'): CodeWish => ({ kind: 'generated', count, prefix, maxUses: 1 });
const codesOf = (promotionId: number) => world.run((tx) => listCodes(tx, { promotionId, after: 0, limit: 5_000 }));

describe('a promotion', () => {
  it('is made with its code, and told', async () => {
    const promotion = await create({ code: 'SUMMER10', maxUses: 5 });

    expect(promotion).toMatchObject({
      discount: tenPercent,
      currency: null,
      minSubtotal: 0,
      appliesTo: { productIds: [], categories: [], planIds: [], addonKeys: [] },
      maxUses: 5,
      used: 0,
      priority: 100,
      isCombinable: false,
      status: 'active',
    });
    expect(await codesOf(promotion.id)).toMatchObject([{ code: 'SUMMER10', maxUses: null, used: 0 }]);
    expect(await world.eventsOf(`promotion/${promotion.id}`)).toMatchObject([
      { type: 'promotion.created', payload: { id: promotion.id, name: 'Khuyến mãi hè', discount: tenPercent } },
    ]);
  });

  it('is in the currency of the company where it has amounts and names none', async () => {
    expect(await create({ discount: { kind: 'amount', amount: 20_000 } })).toMatchObject({ currency: 'VND' });
    expect(await create({ minSubtotal: 1 }, world.other.id)).toMatchObject({ currency: 'USD' });
    expect(await create({ discount: { ...tenPercent, most: 5 }, currency: 'EUR' })).toMatchObject({ currency: 'EUR' });
  });

  it('loses the currency with the last of its amounts, and tells so; one that was named for percentages stays', async () => {
    const amount = { discount: { kind: 'amount', amount: 20_000 } } as const;
    const { id } = await create({ ...amount, minSubtotal: 5 });

    expect(await update(id, { discount: tenPercent })).toMatchObject({ currency: 'VND' });
    expect(await update(id, { minSubtotal: 0 })).toMatchObject({ currency: null });
    expect((await world.eventsOf(`promotion/${id}`)).at(-1)?.payload).toMatchObject({
      currency: null,
      changed: ['minSubtotal', 'currency'],
    });
    expect(await update(id, amount)).toMatchObject({ currency: 'VND' });
    expect(await update(id, { discount: tenPercent, currency: 'EUR' })).toMatchObject({ currency: 'EUR' });
    expect(await update(id, { name: 'Tết' })).toMatchObject({ currency: 'EUR' });
  });

  it('is made once when repeated with its reserved id, and so is its code', async () => {
    const id = await world.nextId('promotion');
    await Promise.all([create({ id, code: 'AGAIN' }), create({ id, code: 'AGAIN' })]);

    expect(await world.eventsOf(`promotion/${id}`)).toHaveLength(1);
    expect(await codesOf(id)).toHaveLength(1);
  });

  it('has a code of its own in the company; nothing is left of one that is refused', async () => {
    const { id } = await create({ code: 'UNIQUE' });
    const before = await world.run((tx) =>
      listPromotions(tx, { filter: { statuses: ['active'] }, after: 0, limit: 100 }),
    );

    await expect(create({ code: 'UNIQUE' })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/code',
      params: { existingId: id },
    });
    await expect(create({ code: 'UNIQUE' }, world.other.id)).resolves.toMatchObject({ status: 'active' });
    expect(
      await world.run((tx) => listPromotions(tx, { filter: { statuses: ['active'] }, after: 0, limit: 100 })),
    ).toHaveLength(before.length);
  });

  it('names products that the company has, and ends after it begins', async () => {
    const { product } = await world.run(
      (tx) => createProduct(tx, { product: { sku: 'theirs', name: 'x', price: 1 }, now: now() }),
      world.other.id,
    );
    const [early, late] = [new Date('2026-05-01T00:00:00Z'), new Date('2026-06-01T00:00:00Z')];

    await expect(
      create({ appliesTo: { productIds: [product.id], categories: [], planIds: [], addonKeys: [] } }),
    ).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/appliesTo/productIds/0',
    });
    await expect(create({ startsAt: late, endsAt: early })).rejects.toMatchObject({ field: '/endsAt' });
    const { id } = await create({ startsAt: early });
    await expect(update(id, { endsAt: early })).rejects.toMatchObject({ field: '/endsAt' });
  });

  it('changes, is archived and brought back, each told with what changed', async () => {
    const { id } = await create();
    await update(id, { discount: { kind: 'amount', amount: 5_000 }, maxUses: 10 });
    await update(id, { status: 'archived' });
    const after = await update(id, { status: 'active' });

    expect(after).toMatchObject({ discount: { kind: 'amount', amount: 5_000 }, currency: 'VND', maxUses: 10 });
    expect((await world.eventsOf(`promotion/${id}`)).map(({ payload }) => payload['changed'])).toEqual([
      undefined,
      ['discount', 'maxUses', 'currency'],
      ['status'],
      ['status'],
    ]);
  });

  it('takes another currency only with all its amounts', async () => {
    const { id } = await create({ discount: { kind: 'amount', amount: 5_000 }, minSubtotal: 100_000 });

    for (const changes of [{}, { minSubtotal: 10 }, { discount: { kind: 'amount', amount: 5 } as const }]) {
      await expect(update(id, { currency: 'USD', ...changes })).rejects.toMatchObject({ field: '/currency' });
    }
    await expect(
      update(id, { currency: 'USD', minSubtotal: 10, discount: { kind: 'amount', amount: 5 } }),
    ).resolves.toMatchObject({ currency: 'USD', minSubtotal: 10 });
  });

  it('is not written without a change, and is not there for another company', async () => {
    const { id, updatedAt } = await create();

    expect(
      (
        await update(id, {
          discount: tenPercent,
          appliesTo: { productIds: [], categories: [], planIds: [], addonKeys: [] },
        })
      ).updatedAt,
    ).toEqual(updatedAt);
    await expect(update(id, { maxUses: 1 }, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(add(id, named('THEIRS'), null, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is found by words and by code', async () => {
    const { id } = await create({ name: 'Tết Nguyên Đán', code: 'TET' });
    const list = async (filter: Partial<PromotionFilter>) => {
      const rows = await world.run((tx) =>
        listPromotions(tx, { filter: { statuses: ['active'], ...filter }, after: 0, limit: 50 }),
      );

      return rows.map((row) => row.id);
    };

    expect(await list({ q: 'nguyen dan' })).toEqual([id]);
    expect(await list({ code: 'TET' })).toEqual([id]);
    expect(await list({ code: 'NONE' })).toEqual([]);
    expect(await list({ statuses: ['archived'] })).toEqual([]);
  });
});

describe('codes', () => {
  it('are made in bulk, each unlike the others and not to be guessed from them', async () => {
    const { id } = await create();
    const made = await add(id, many(2_000));
    const codes = made.map(({ code }) => code);

    expect(new Set(codes).size).toBe(2_000);
    expect(codes.every((code) => /^TET-[A-HJ-NP-Z2-9]{12}$/.test(code))).toBe(true);
    expect(made.every(({ maxUses, used }) => maxUses === 1 && used === 0)).toBe(true);
    // Two thousand of 2^60: what they share is their prefix, and no stretch of four signs stands out.
    const starts = new Set(codes.map((code) => code.slice(4, 8)));
    expect(starts.size).toBeGreaterThan(1_900);
    expect(await codesOf(id)).toEqual(made);
  });

  it('are made once when repeated with their reserved number, also at the same time', async () => {
    const { id } = await create();
    const batch = await world.nextId('promotionCode');
    const [first, second] = await Promise.all([add(id, many(20), batch), add(id, many(20), batch)]);

    expect(second).toEqual(first);
    expect(await codesOf(id)).toHaveLength(20);
    expect((await world.eventsOf(`promotion/${id}`)).slice(1)).toMatchObject([
      { type: 'promotion.updated', payload: { changed: ['codes'], codesAdded: 20 } },
    ]);
  });

  it('of a name are refused when they are taken', async () => {
    const [one, other] = [await create(), await create()];
    await add(one.id, named('TAKEN'));

    await expect(add(other.id, named('TAKEN'))).rejects.toMatchObject({
      code: 'already_exists',
      field: '/code',
      params: { existingId: one.id },
    });
    await expect(
      world.run((tx) => listCodes(tx, { promotionId: 999_999_999, after: 0, limit: 1 })),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
