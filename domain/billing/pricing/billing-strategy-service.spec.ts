import { AppError } from '../../errors';
import { BillingStrategyService } from './billing-strategy-service';
import { type BillingParams, type IBillingStrategy, type SoldLine } from './billing-strategy';
import { FreemiumBillingStrategy } from './freemium-billing-strategy';
import { OnetimeBillingStrategy } from './onetime-billing-strategy';
import { RecurringBillingStrategy } from './recurring-billing-strategy';

const service = new BillingStrategyService();
const base: Pick<BillingParams, 'currency' | 'taxRatePpm' | 'billingDate'> = {
  currency: 'VND',
  taxRatePpm: 100_000,
  billingDate: '2026-01-31',
};
const product: SoldLine = { quantity: 1, unitPrice: 50_000n };
const plan: SoldLine = { unitPrice: 99_000n, billingCycle: 'monthly' };
const storage: SoldLine = { reference: 'storage', unitPrice: 50_000n, billingCycle: 'monthly' as const };
const assistant: SoldLine = { reference: 'assistant', unitPrice: 100_000n, billingCycle: 'monthly' as const };

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

describe('the choice of a strategy', () => {
  it.each([
    ['retail', 'onetime'],
    ['onetime', 'onetime'],
    ['subscription', 'recurring'],
    ['recurring', 'recurring'],
    ['freemium', 'freemium'],
    ['freemium_addon', 'freemium'],
  ])('takes %s to the %s strategy', (name, expected) => {
    expect(service.getStrategy({ businessModel: name }).getStrategyName()).toBe(expected);
    expect(service.getStrategy({ billingMode: name }).getStrategyName()).toBe(expected);
  });

  it('puts the thing billed before the mode of the company', () => {
    expect(service.getStrategy({ businessModel: 'retail', billingMode: 'recurring' }).getStrategyName()).toBe(
      'onetime',
    );
  });

  it('passes over a name that no strategy handles', () => {
    expect(service.getStrategy({ businessModel: 'multi', billingMode: 'freemium' }).getStrategyName()).toBe('freemium');
  });

  it('falls back to one-time', () => {
    expect(service.getStrategy()).toBeInstanceOf(OnetimeBillingStrategy);
    expect(service.getStrategy({ businessModel: null, billingMode: 'multi' })).toBeInstanceOf(OnetimeBillingStrategy);
  });

  it('is one strategy per business model', () => {
    const strategies: IBillingStrategy[] = [
      new OnetimeBillingStrategy(),
      new RecurringBillingStrategy(),
      new FreemiumBillingStrategy(),
    ];
    for (const model of ['retail', 'onetime', 'subscription', 'recurring', 'freemium', 'freemium_addon']) {
      expect(strategies.filter((strategy) => strategy.canHandle(model))).toHaveLength(1);
    }
    expect(strategies.some((strategy) => strategy.canHandle('multi'))).toBe(false);
  });
});

describe('the documents’ figures', () => {
  it('sells 50,000 for 55,000 once', async () => {
    const result = await service.calculate({ ...base, items: [product], metadata: { businessModel: 'retail' } });

    expect(result).toMatchObject({
      subtotal: 50_000n,
      tax: 5000n,
      discount: 0n,
      totalAmount: 55_000n,
      billingMode: 'onetime',
      nextBillingDate: null,
    });
    expect(result).not.toHaveProperty('addonCharges');
  });

  it('bills 99,000 a month as 108,900, the next time a month later', async () => {
    const result = await service.calculate({ ...base, plan, metadata: { businessModel: 'subscription' } });

    expect(result).toMatchObject({
      subtotal: 99_000n,
      tax: 9900n,
      totalAmount: 108_900n,
      billingMode: 'recurring',
      nextBillingDate: '2026-02-28',
    });
  });

  it('bills two add-ons of a free product as 165,000', async () => {
    const result = await service.calculate(
      { ...base, plan: { ...plan, unitPrice: 0n }, addons: [storage, assistant] },
      'freemium',
    );

    expect(result).toMatchObject({
      subtotal: 150_000n,
      tax: 15_000n,
      totalAmount: 165_000n,
      billingMode: 'addon_only',
      addonCharges: [50_000n, 100_000n],
      nextBillingDate: '2026-02-28',
    });
  });

  it('takes the discount after the tax', async () => {
    const discount = { kind: 'percent', ratePpm: 100_000, basis: 'on_total' } as const;

    expect(
      await service.calculate({ ...base, items: [product], adjustments: [{ ...discount, timing: 'after_tax' }] }),
    ).toMatchObject({
      tax: 5000n,
      discount: 5000n,
      totalAmount: 50_000n,
    });
    expect(
      await service.calculate({ ...base, items: [product], adjustments: [{ ...discount, timing: 'before_tax' }] }),
    ).toMatchObject({ tax: 4500n, discount: 5000n, totalAmount: 49_500n });
  });
});

describe('next billing dates', () => {
  it('keep the anchor day, so that a clamped month does not shorten the next', async () => {
    const february = {
      ...base,
      billingDate: '2026-02-28',
      anchorDay: 31,
      plan,
      metadata: { businessModel: 'recurring' },
    };

    expect((await service.calculate(february)).nextBillingDate).toBe('2026-03-31');
  });

  it('are each add-on’s own, the invoice showing the earliest', async () => {
    const yearly = { ...storage, billingCycle: 'yearly' as const };
    const result = await service.calculate({ ...base, addons: [yearly, assistant] }, 'freemium');

    expect(result.lines.map((line) => line.nextBillingDate)).toEqual(['2027-01-31', '2026-02-28']);
    expect(result.nextBillingDate).toBe('2026-02-28');
  });

  it('keep the anchor day of each add-on', async () => {
    const sinceThe31st = { ...storage, anchorDay: 31 };
    const february = { ...base, billingDate: '2026-02-28', anchorDay: 28, addons: [sinceThe31st, assistant] };
    const { lines } = await service.calculate(february, 'freemium');

    expect(lines.map((line) => line.nextBillingDate)).toEqual(['2026-03-31', '2026-03-28']);
  });

  it('are a year on for a yearly plan', async () => {
    const yearly = { ...base, plan: { ...plan, billingCycle: 'yearly' as const } };

    expect((await service.calculate(yearly, 'recurring')).nextBillingDate).toBe('2027-01-31');
  });
});

describe('what a strategy refuses', () => {
  it.each([
    ['a plan sold once', 'retail', { plan }],
    ['an add-on sold once', 'retail', { items: [product], addons: [storage] }],
    ['a product under a plan’s cycle', 'subscription', { plan, items: [product] }],
    ['a cycle of nothing', 'subscription', {}],
    ['a paid plan on a free base', 'freemium', { plan, addons: [storage] }],
    ['a product as an add-on', 'freemium', { items: [product] }],
  ])('%s', async (_case, businessModel, sold) => {
    expect(await codeOf(service.calculate({ ...base, ...sold, metadata: { businessModel } }))).toBe(
      'strategy_mismatch',
    );
  });

  it('mixed currencies, impossible quantities and amounts', async () => {
    expect(await codeOf(service.calculate({ ...base, items: [{ ...product, currency: 'USD' }] }))).toBe(
      'currency_mismatch',
    );
    expect(await codeOf(service.calculate({ ...base, items: [{ ...product, quantity: 0 }] }))).toBe(
      'amount_out_of_range',
    );
    expect(await codeOf(service.calculate({ ...base, items: [{ quantity: 1, unitPrice: -1n }] }))).toBe(
      'amount_out_of_range',
    );
  });

  it('nothing that is its own: a plan with its add-ons, a free base alone', async () => {
    const together = await service.calculate({ ...base, plan, addons: [storage] }, 'recurring');
    expect(together).toMatchObject({ totalAmount: 163_900n, billingMode: 'recurring', addonCharges: [50_000n] });

    const free = await service.calculate({ ...base, plan: { ...plan, unitPrice: 0n } }, 'freemium');
    expect(free).toMatchObject({ totalAmount: 0n, addonCharges: [], nextBillingDate: null });
  });
});
