import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import type { PlanPhase } from '../../../domain/catalogue/plans/plan-phase-rules';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewPriceMove } from '../../../domain/subscriptions/price-moves/preview-price-move';
import { viewWaiting } from '../../../domain/subscriptions/row/waiting-change-view';
import type { Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: UsageWorld;
let plans = 0;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());

const tenant = <Result>(work: Parameters<typeof shop.world.test.database.withTenant<Result>>[1]) =>
  shop.world.test.database.withTenant(shop.world.company.id, work);
const addPlan = (phases: PlanPhase[] = [], fields: { trialDays?: number } = {}) =>
  tenant(async (tx) => {
    const trial = fields.trialDays === undefined ? {} : { trialEnabled: true, trialDays: fields.trialDays };
    const plan = { name: `Phases ${(plans += 1)}`, price: 300_000, billingCycle: 'monthly' as const, phases, ...trial };

    return Number((await createPlan(tx, { plan, now: start })).id);
  });
const subscribeTo = async (planId: number, options: { useTrial?: boolean; token?: string } = {}) =>
  shop.world.subscribe(await shop.world.addCustomer(), { planId, ...options });
const totals = async (who: Subscribed) =>
  (await shop.invoices(who))
    .filter(({ status }) => status !== 'void')
    .map(({ purpose, total }) => `${purpose} ${total}`);
const waiting = ({ subscriptionId }: Subscribed) =>
  tenant(async (tx) => {
    const row = await tx.orm.subscription.findFirstOrThrow({
      where: { id: subscriptionId },
      include: { addons: true },
    });

    return viewWaiting(row).changes;
  });
const setPhases = (...phases: [afterPeriods: number, price: number | null, quantity?: number][]): RequestedCommand => ({
  type: 'set_phases',
  phases: phases.map(([afterPeriods, price, quantity = null as number | null]) => ({ afterPeriods, price, quantity })),
});
const intro: PlanPhase[] = [{ price: 50_000, periods: 2 }];

describe('a plan with phases', () => {
  it('costs its introductory price for so many periods, then its own, as the forecasts say', async () => {
    const planId = await addPlan(intro);
    const planned = { planId, quantity: 1, useTrial: false, billingAnchorDay: null, endsAt: null, from: start };
    const until = new Date('2025-06-10T03:00:00Z');
    const before = await tenant((tx) => forecastPlan(tx, planned, until));
    const lan = await subscribeTo(planId);
    expect(await waiting(lan)).toMatchObject([
      { kind: 'phase', amount: 300_000, periods: 2, effectiveAt: '2025-05-10T10:00:00+07:00' },
    ]);
    const after = await tenant((tx) =>
      forecastSubscription(tx, { subscriptionId: lan.subscriptionId, until, now: start }),
    );
    await shop.advance(lan, 92);

    expect(await totals(lan)).toEqual(['first 55000', 'renewal 55000', 'renewal 330000', 'renewal 330000']);
    expect(before.invoices.map(({ totalAmount }) => totalAmount)).toEqual([55_000, 55_000, 330_000, 330_000]);
    expect(after.invoices.map(({ totalAmount }) => totalAmount)).toEqual([55_000, 330_000, 330_000]);
    expect(await waiting(lan)).toEqual([]);
    expect(await shop.events(lan, '%price%')).toEqual(['subscription.price.changed']);
  });

  it('counts them from the end of a trial, and keeps them for who has subscribed when it is changed', async () => {
    const planId = await addPlan([...intro, { price: 100_000, periods: 1 }], { trialDays: 14 });
    const lan = await subscribeTo(planId, { useTrial: true });
    await tenant((tx) => updatePlan(tx, { id: planId, changes: { phases: [] }, now: start }));
    await shop.advance(lan, 14 + 93);

    expect(await totals(lan)).toEqual(['first 55000', 'renewal 55000', 'renewal 110000', 'renewal 330000']);
    expect(await totals(await subscribeTo(planId))).toEqual(['first 330000']);
  });

  it('meters usage in every phase alike', async () => {
    const planId = await addPlan([{ price: 50_000, periods: 1 }]);
    await shop.priceWithin({ planId }, { model: 'per_unit', unitPrice: '5' });
    const lan = await subscribeTo(planId);
    await shop.advance(lan, 20);
    await shop.send(lan, { value: 1_000, at: '2025-03-20T03:00:00Z' });
    await shop.advance(lan, 20);
    await shop.send(lan, { value: 2_000, at: '2025-04-15T03:00:00Z' });
    await shop.advance(lan, 22);

    expect(await totals(lan)).toEqual(['first 55000', 'renewal 335500', 'renewal 341000']);
  });

  it('has a price, and is refused otherwise', async () => {
    const planId = await addPlan(intro);
    const refused = { code: 'validation_failed', field: '/phases' };
    const free = { name: 'Free phases', price: 0, billingCycle: 'monthly' as const, phases: intro };

    await expect(tenant((tx) => createPlan(tx, { plan: free, now: start }))).rejects.toMatchObject(refused);
    await expect(
      tenant((tx) => updatePlan(tx, { id: planId, changes: { price: 0 }, now: start })),
    ).rejects.toMatchObject(refused);
  });

  it('moves nobody to another price who is in its phases', async () => {
    const planId = await addPlan(intro);
    const lan = await subscribeTo(planId);
    await tenant((tx) => updatePlan(tx, { id: planId, changes: { price: 400_000 }, now: start }));
    const request = { of: { planId }, priceId: null, fromPriceIds: [], immediate: false, noticeDays: 0 };
    const price = { type: 'change_price', priceId: null, immediate: false, noticeDays: 0 } as const;

    expect((await tenant((tx) => previewPriceMove(tx, request))).subscriptions).toBe(0);
    expect(await shop.ask(lan, price)).toBe('subscription_state');
    await shop.advance(lan, 63);
    expect((await tenant((tx) => previewPriceMove(tx, request))).subscriptions).toBe(1);
    expect(await shop.ask(lan, price)).toBeNull();
  });
});

describe('phases of a subscription', () => {
  it('change price and seats from the periods on that they name, and are taken back one by one', async () => {
    const lan = await subscribeTo(await addPlan());
    expect(await shop.ask(lan, setPhases([1, 310_000], [2, null, 2], [3, 100_000]))).toBeNull();
    const [first, , last] = await waiting(lan);
    expect(first).toMatchObject({ kind: 'phase', amount: 310_000, effectiveAt: '2025-04-10T10:00:00+07:00' });
    expect(last).toMatchObject({ effectiveAt: '2025-06-10T10:00:00+07:00' });
    expect(await shop.ask(lan, { type: 'cancel_change', changeId: last?.id ?? 0 })).toBeNull();
    await shop.advance(lan, 123);

    expect(await totals(lan)).toEqual([
      'first 330000',
      'renewal 341000',
      'renewal 682000',
      'renewal 682000',
      'renewal 682000',
    ]);
  });

  it('have a renewal that is invoiced already issued again', async () => {
    const lan = await subscribeTo(await addPlan());
    await shop.advance(lan, 29);
    expect(await totals(lan)).toEqual(['first 330000', 'renewal 330000']);
    expect(await shop.ask(lan, setPhases([1, 200_000]))).toBeNull();
    expect(await totals(lan)).toEqual(['first 330000', 'renewal 220000']);
    expect(await shop.ask(lan, setPhases())).toBeNull();
    expect(await totals(lan)).toEqual(['first 330000', 'renewal 330000']);
    await shop.advance(lan, 40);
    expect(await totals(lan)).toEqual(['first 330000', 'renewal 330000', 'renewal 330000']);
  });

  it('go on after a pause and with other seats, and end with the plan', async () => {
    const lan = await subscribeTo(await addPlan([{ price: 100_000, periods: 2 }]));
    await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false });
    await shop.advance(lan, 70);
    expect(await shop.ask(lan, { type: 'resume' })).toBeNull();
    expect(await waiting(lan)).toMatchObject([{ kind: 'phase', periods: 1 }]);
    const newPlanId = await addPlan([{ price: 1_000, periods: 5 }]);
    const change = { type: 'change_plan', newPlanId, quantity: null, immediate: true, prorationDate: null } as const;
    expect(await shop.ask(lan, change)).toBeNull();
    expect(await waiting(lan)).toEqual([]);
    await shop.advance(lan, 31);

    // Who changes to a plan pays its own price.
    expect((await totals(lan)).at(-1)).toBe('renewal 330000');
  });

  it('are refused where no periods are to come, and nothing changes', async () => {
    const lan = await shop.subscribe();
    const mai = await subscribeTo(await addPlan());

    expect(await shop.ask(lan, setPhases([1, 100_000]))).toBe('subscription_state');
    expect(await shop.ask(mai, setPhases([2, 100_000], [1, 200_000]))).toBe('validation_failed');
    expect(await shop.ask(mai, setPhases())).toBe('no_change');
    expect(await waiting(mai)).toEqual([]);
  });
});
