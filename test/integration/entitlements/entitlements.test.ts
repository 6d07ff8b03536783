import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { type EntitlementWorld, openEntitlementWorld } from './entitlement-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let world: EntitlementWorld;

beforeAll(async () => {
  world = await openEntitlementWorld(start);
});
afterAll(() => world?.shop.world.close());

const subscribe = async (plan: 'team' | 'starter' | 'trial', options: { token?: string; useTrial?: boolean } = {}) => {
  const { world: base } = world.shop;

  return base.subscribe(await base.addCustomer(), { planId: world.plans[plan], ...options });
};

describe('limits', () => {
  it('add up over plan and add-ons, for each seat and piece', async () => {
    const lan = await subscribe('team');
    expect(await world.check(lan.customerId, 'projects')).toMatchObject({
      kind: 'limit',
      isEntitled: true,
      limit: 3,
      used: null,
    });

    const seats = { newPlanId: null, quantity: 4, immediate: true, prorationDate: null };
    expect(await world.shop.ask(lan, { type: 'change_plan', ...seats })).toBeNull();
    expect(
      await world.shop.ask(lan, { type: 'add_addons', addonIds: [], addonKeys: ['pack'], quantity: 2 }),
    ).toBeNull();
    expect(await world.check(lan.customerId, 'projects')).toMatchObject({
      limit: 32,
      grants: [
        { source: 'plan', planId: world.plans.team, quantity: 4, value: 3, perUnit: true },
        { source: 'addon', quantity: 2, value: 10, perUnit: true },
      ],
    });
  });

  it('are gone where one source has none', async () => {
    const lan = await subscribe('team');
    await world.shop.ask(lan, { type: 'add_addons', addonIds: [], addonKeys: ['boundless'], quantity: 1 });

    expect(await world.check(lan.customerId, 'projects')).toMatchObject({
      isEntitled: true,
      isUnlimited: true,
      limit: null,
    });
  });

  it('of who has nothing are 0', async () => {
    const { customerId } = await subscribe('starter');

    expect(await world.check(customerId, 'projects')).toMatchObject({ isEntitled: false, limit: 0, grants: [] });
  });
});

describe('a metered balance', () => {
  it('is drawn down by usage and begins anew with the renewal, to the second', async () => {
    const lan = await subscribe('team');
    await world.use(lan, 400);
    await world.use(lan, 600);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      kind: 'metered',
      unit: 'call',
      isEntitled: false,
      limit: 1_000,
      used: '1000',
      remaining: '0',
      resetsAt: '2025-04-10T10:00:00+07:00',
    });
    await world.shop.ask(lan, { type: 'add_addons', addonIds: [], addonKeys: ['pack'], quantity: 1 });
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      isEntitled: true,
      limit: 1_500,
      remaining: '500',
    });

    await world.shop.advance(lan, 31 - 1 / 86_400);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({ used: '1000' });
    await world.shop.advance(lan, 1 / 86_400);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      used: '0',
      remaining: '1500',
      resetsAt: '2025-05-10T10:00:00+07:00',
    });
  });

  it('of a free tier, which has no periods, begins anew each cycle from its start', async () => {
    const lan = await subscribe('starter');
    await world.use(lan, 30);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      remaining: '70',
      resetsAt: '2025-04-10T10:00:00+07:00',
    });
    await world.shop.advance(lan, 45);
    await world.use(lan, 5);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      used: '5',
      resetsAt: '2025-05-10T10:00:00+07:00',
    });
  });

  it('is not drawn down by another customer, nor read by another company', async () => {
    const lan = await subscribe('team');
    const minh = await subscribe('team');
    await world.use(minh, 999);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({ used: '0' });
  });
});

describe('grants of a plan', () => {
  const update = (changes: Parameters<typeof updatePlan>[1]['changes']) =>
    world.shop.world.test.database.withTenant(world.shop.world.company.id, (tx) =>
      updatePlan(tx, { id: world.plans.trial, changes, now: start }),
    );

  it('keep their values under their codes alone, and need one where their kind has one', async () => {
    expect((await update({ grants: [{ feature: 'projects', value: 7, perUnit: true }] })).features).toEqual([
      'projects',
    ]);
    expect((await update({ features: ['projects', 'reports'] })).grants).toEqual([
      { feature: 'projects', value: 7, perUnit: true },
      { feature: 'reports', value: true, perUnit: false },
    ]);
    await expect(update({ features: ['reports', 'calls'] })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/features/1',
    });
    await expect(update({ grants: [{ feature: 'reports', value: 3, perUnit: false }] })).rejects.toMatchObject({
      field: '/grants/0/value',
    });
    await expect(update({ grants: [{ feature: 'calls', value: true, perUnit: false }] })).rejects.toMatchObject({
      field: '/grants/0/value',
    });
    await expect(update({ grants: [{ feature: 'none', value: 3, perUnit: false }] })).rejects.toMatchObject({
      field: '/grants/0',
    });
    const twice = { feature: 'calls', value: 1, perUnit: false } as const;
    await expect(update({ grants: [twice, twice] })).rejects.toMatchObject({ field: '/grants/1' });
    expect((await update({ features: ['reports'] })).grants).toHaveLength(1);
  });

  it.each([
    [{ kind: 'metered' as const }, 'validation_failed', '/meter'],
    [{ kind: 'limit' as const, meter: 'calls' }, 'validation_failed', '/meter'],
    [{ kind: 'metered' as const, meter: 'none' }, 'meter_not_found', '/meter'],
    [{ unit: 'GB' }, 'validation_failed', '/unit'],
  ])('of a feature that cannot be: %j', async (fields, code, field) => {
    const { test, company } = world.shop.world;
    const made = test.database.withTenant(company.id, (tx) =>
      createFeature(tx, { feature: { code: 'odd', name: 'Odd', ...fields }, now: start }),
    );

    await expect(made).rejects.toMatchObject({ code, field });
  });
});

describe('access before the first payment and in dunning', () => {
  afterEach(() => world.shop.set({ accessBeforeFirstPayment: false, dunningKeepsAccess: true }));

  it('is not given before the money, where the company does not say so (D17)', async () => {
    const lan = await subscribe('team', { token: 'tok_declined' });
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: false });
    await world.shop.set({ accessBeforeFirstPayment: true });
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: true });
    await world.shop.advance(lan, 1 - 1 / 86_400);
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: true });
    await world.shop.advance(lan, 1 / 86_400);
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: false });
  });

  it('stays while a renewal is in dunning, where the company does not say otherwise (D23)', async () => {
    const lan = await subscribe('team');
    await world.shop.payWith(lan, 'tok_declined');
    await world.shop.advance(lan, 31);
    expect(await world.shop.status(lan)).toBe('past_due');
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: true });
    await world.shop.set({ dunningKeepsAccess: false });
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: false });
    await world.shop.set({ dunningKeepsAccess: true });
    await world.shop.advance(lan, 8);
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: false });
  });

  it('of add-ons of a free tier goes with their own invoice', async () => {
    const lan = await subscribe('starter');
    await world.shop.ask(lan, { type: 'add_addons', addonIds: [], addonKeys: ['pack'], quantity: 1 });
    await world.shop.payWith(lan, 'tok_declined');
    await world.shop.advance(lan, 31);
    await world.shop.set({ dunningKeepsAccess: false });
    expect(await world.check(lan.customerId, 'projects')).toMatchObject({ isEntitled: false });
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({ limit: 100 });
    await world.shop.set({ dunningKeepsAccess: true });
    expect(await world.check(lan.customerId, 'projects')).toMatchObject({ isEntitled: true });
  });
});
