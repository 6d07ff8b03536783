import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createOverride, type NewOverride } from '../../../domain/entitlements/overrides/create-override';
import {
  expireOverride,
  listExpiredOverrides,
  removeOverride,
} from '../../../domain/entitlements/overrides/end-override';
import { listOverrides } from '../../../domain/entitlements/overrides/read-overrides';
import type { Subscribed } from '../subscriptions/subscription-world';
import { type EntitlementWorld, openEntitlementWorld } from './entitlement-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const second = 1 / 86_400;

let world: EntitlementWorld;

beforeAll(async () => {
  world = await openEntitlementWorld(start);
});
afterAll(() => world?.shop.world.close());

const subscribe = async (
  plan: keyof EntitlementWorld['plans'],
  options: { token?: string; useTrial?: boolean } = {},
): Promise<Subscribed> => {
  const { world: base } = world.shop;

  return base.subscribe(await base.addCustomer(), { planId: world.plans[plan], ...options });
};
const database = () => world.shop.world.test.database;
const companyId = () => world.shop.world.company.id;
const decide = async (customerId: number, fields: Partial<NewOverride> = {}) => {
  const wanted = {
    id: await reserveId(database(), 'entitlementOverride'),
    customerId,
    feature: 'reports',
    effect: 'grant' as const,
    value: null,
    validUntil: null,
    reason: 'a promise',
    userId: null,
    ...fields,
  };

  return database().withTenantSql(companyId(), (tx) => createOverride(tx, wanted, start));
};
const remove = (customerId: number, id: number) =>
  database().withTenantSql(companyId(), (tx) => removeOverride(tx, { id, customerId, userId: null }, start));
/** `type feature value` of what was told of a customer. */
const told = async (customerId: number) => {
  const rows = await world.shop.world.rows<{ type: string; payload: Record<string, unknown> }>(
    `SELECT type, payload FROM platform.events WHERE subject = $1 AND type LIKE 'entitlement.%' ORDER BY subject_seq`,
    [`customer/${customerId}`],
  );

  return rows.map(({ type, payload }) =>
    [type.slice('entitlement.'.length), payload['feature'], ...('value' in payload ? [payload['value']] : [])].join(
      ' ',
    ),
  );
};
const isEntitled = async (customerId: number, code = 'reports') => (await world.check(customerId, code)).isEntitled;

describe('an override', () => {
  it('grants what no subscription gives, to the second, and is told when it is given and over', async () => {
    const lan = await subscribe('starter');
    await decide(lan.customerId, { validUntil: '2025-03-12T10:00:00+07:00' });
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({
      isEntitled: true,
      validUntil: '2025-03-12T10:00:00+07:00',
      override: { effect: 'grant' },
      grants: [{ source: 'override', subscriptionId: null, overrideId: expect.any(Number) }],
    });
    await world.shop.advance(lan, 2 - second);
    expect(await isEntitled(lan.customerId)).toBe(true);
    await world.shop.advance(lan, second);
    expect(await isEntitled(lan.customerId)).toBe(false);
    expect(await told(lan.customerId)).toEqual([
      'granted calls 100',
      'override.created reports true',
      'granted reports true',
      'override.expired reports true',
      'revoked reports ',
    ]);
  });

  it('denies what a plan gives, until it is removed', async () => {
    const lan = await subscribe('team');
    const { id } = await decide(lan.customerId, { effect: 'deny' });
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({
      isEntitled: false,
      override: { id, effect: 'deny' },
      grants: [],
    });
    await remove(lan.customerId, id);
    await remove(lan.customerId, id);
    expect(await isEntitled(lan.customerId)).toBe(true);
    expect((await told(lan.customerId)).slice(3)).toEqual([
      'override.created reports ',
      'revoked reports ',
      'override.removed reports ',
      'granted reports true',
    ]);
  });

  it('sets another limit, is replaced by the next, and is kept for whoever asks', async () => {
    const lan = await subscribe('team');
    const first = await decide(lan.customerId, { feature: 'projects', value: 50, reason: 'first' });
    await decide(lan.customerId, { feature: 'projects', value: 'unlimited', reason: 'second' });
    expect(await world.check(lan.customerId, 'projects')).toMatchObject({ isUnlimited: true, limit: null });
    const rows = await database().withTenantSql(companyId(), (tx) =>
      listOverrides(tx, { customerId: lan.customerId, isOver: true, before: null, limit: 10 }),
    );
    expect(rows.map(({ reason, endReason }) => [reason, endReason])).toEqual([
      ['second', null],
      ['first', 'replaced'],
    ]);
    expect((await told(lan.customerId)).filter((one) => one.startsWith('changed'))).toEqual([
      'changed projects 50',
      'changed projects unlimited',
    ]);
    // A repeat of the request finds its own.
    expect(await decide(lan.customerId, { id: first.id, feature: 'projects' })).toMatchObject({
      id: first.id,
      value: 50,
    });
  });

  it('of a balance is drawn down in the periods of the subscription', async () => {
    const lan = await subscribe('team');
    await decide(lan.customerId, { feature: 'calls', value: 5_000 });
    await world.use(lan, 1_200);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({
      limit: 5_000,
      remaining: '3800',
      resetsAt: '2025-04-10T10:00:00+07:00',
    });
  });

  it.each<[string, Partial<NewOverride>, string, string | undefined]>([
    ['a feature that does not exist', { feature: 'teleporting' }, 'feature_not_found', '/feature'],
    ['an end that has passed', { validUntil: '2025-03-10T10:00:00+07:00' }, 'invalid_date_sequence', '/validUntil'],
    ['a number of what is there or not', { value: 3 }, 'validation_failed', '/value'],
    ['a limit without a number', { feature: 'projects' }, 'validation_failed', '/value'],
    ['a value of what is denied', { effect: 'deny', value: true }, 'validation_failed', '/value'],
    ['nobody', { customerId: 999_999_999 }, 'not_found', undefined],
  ])('refuses %s, and changes nothing', async (_what, fields, code, field) => {
    const lan = await subscribe('starter');
    await expect(decide(lan.customerId, fields)).rejects.toMatchObject({
      code,
      ...(field === undefined ? {} : { field }),
    });
    expect(await told(lan.customerId)).toEqual(['granted calls 100']);
  });

  it('of another customer is not found', async () => {
    const lan = await subscribe('starter');
    const minh = await subscribe('starter');
    const { id } = await decide(lan.customerId);
    await expect(remove(minh.customerId, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await isEntitled(lan.customerId)).toBe(true);
  });

  it('of who lives by the machine’s time is told to be over by the loop, once', async () => {
    const customerId = await world.shop.world.company.addCustomer();
    const { id } = await decide(customerId, { validUntil: '2025-03-11T10:00:00+07:00' });
    const after = new Date('2025-03-11T03:00:00Z');
    await database().withTenantSql(companyId(), (tx) => expireOverride(tx, id, new Date(after.getTime() - 1)));
    const listed = (until: Date) => listExpiredOverrides(database().system, { until, limit: 10 });
    expect(await listed(new Date(after.getTime() - 1))).toEqual([]);
    expect(await listed(after)).toEqual([{ companyId: companyId(), id }]);
    await Promise.all([1, 2].map(() => database().withTenantSql(companyId(), (tx) => expireOverride(tx, id, after))));
    expect(await listed(after)).toEqual([]);
    expect((await told(customerId)).slice(2)).toEqual(['override.expired reports true', 'revoked reports ']);
  });
});

describe('changes of what a customer has are told once, with their cause', () => {
  it('bought, more seats, add-ons, another plan, paused, resumed, cancelled; nothing by a renewal', async () => {
    const { shop } = world;
    const lan = await subscribe('team');
    const bought = ['granted calls 1000', 'granted projects 3', 'granted reports true'];
    expect(await told(lan.customerId)).toEqual(bought);
    await shop.advance(lan, 40);
    expect(await told(lan.customerId)).toEqual(bought);

    const since = async (count: number) => (await told(lan.customerId)).slice(count);
    const change = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...change })).toBeNull();
    expect(await since(3)).toEqual(['changed projects 6']);
    expect(await shop.ask(lan, { type: 'add_addons', addonIds: [], addonKeys: ['pack'], quantity: 1 })).toBeNull();
    expect(await since(4)).toEqual(['changed calls 1500', 'changed projects 16']);
    expect(await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false })).toBeNull();
    expect(await since(6)).toEqual(['revoked calls ', 'revoked projects ', 'revoked reports ']);
    expect(await shop.ask(lan, { type: 'resume' })).toBeNull();
    expect(await since(9)).toEqual(['granted calls 1500', 'granted projects 16', 'granted reports true']);
    expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true })).toBeNull();
    expect(await since(12)).toEqual([]);
    await shop.advance(lan, 60);
    expect(await since(12)).toEqual(['revoked calls ', 'revoked projects ', 'revoked reports ']);
  });

  it('a trial gives from its start, and its end without money takes', async () => {
    const lan = await subscribe('trial', { useTrial: true, token: 'tok_declined' });
    expect(await told(lan.customerId)).toEqual(['granted reports true']);
    await world.shop.advance(lan, 40);
    expect(await told(lan.customerId)).toEqual(['granted reports true', 'revoked reports ']);
    expect(await isEntitled(lan.customerId)).toBe(false);
  });

  it('nothing is given before the first payment, and the payment tells', async () => {
    const lan = await subscribe('team', { token: 'tok_declined' });
    expect(await told(lan.customerId)).toEqual([]);
    await world.shop.advance(lan, 2);
    expect(await told(lan.customerId)).toEqual([]);
  });

  it('what a second subscription gives as well is no news, but more of it is', async () => {
    const lan = await subscribe('team');
    const again = await world.shop.world.subscribe(
      { clockId: lan.clockId, customerId: lan.customerId },
      { planId: world.plans.team },
    );
    expect((await told(lan.customerId)).slice(3)).toEqual(['changed calls 2000', 'changed projects 6']);
    await world.shop.ask(
      { ...lan, subscriptionId: again.subscriptionId },
      { type: 'cancel', reason: null, cancelAtPeriodEnd: false },
    );
    expect((await told(lan.customerId)).slice(5)).toEqual(['changed calls 1000', 'changed projects 3']);
  });
});
