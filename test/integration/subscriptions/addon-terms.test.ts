import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { Subscribed } from './subscription-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const end = new Date('2025-06-10T03:00:00Z');

let shop: AddonWorld;

beforeAll(async () => {
  shop = await openAddonWorld(start);
});
afterAll(() => shop?.world.close());

const foreseen = async ({ subscriptionId }: Subscribed) => {
  const { company, test } = shop.world;
  const options = { subscriptionId, until: new Date('2026-03-10T03:00:00Z'), now: start };
  const { invoices } = await test.database.withTenantSql(company.id, (tx) => forecastSubscription(tx, options));

  return invoices.map(({ periodStart, periodEnd }) => `${periodStart?.slice(0, 10)} ${periodEnd?.slice(0, 10)}`);
};
/** The time of a clock alone moves: no step of it has run. */
const turnTo = ({ clockId }: Subscribed, at: Date) =>
  shop.world.rows('UPDATE ordering.test_clocks SET now = $2 WHERE id = $1', [clockId, at]);

describe('an add-on with a term of three periods', () => {
  it('is billed three times, foreseen so, and over to the second, of a free tier that goes on', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'course');
    expect(await shop.bought(lan)).toMatchObject([{ status: 'active', next: '2025-04-10', expires: end }]);
    expect(await foreseen(lan)).toEqual(['2025-04-10 2025-05-10', '2025-05-10 2025-06-10']);

    await shop.advance(lan, 70);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'active', next: null, expires: end }]);
    await turnTo(lan, new Date(end.getTime() - 1_000));
    expect(await shop.features(lan)).toEqual(['base', 'course']);
    await turnTo(lan, end);
    expect(await shop.features(lan)).toEqual(['base']);
    await turnTo(lan, new Date('2025-05-19T03:00:00Z'));
    await shop.advance(lan, 60);

    expect((await shop.invoices(lan)).map(({ status, total }) => `${status} ${total}`)).toEqual([
      'paid 44000',
      'paid 44000',
      'paid 44000',
    ]);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'expired', expires: end, reason: 'its term ended' }]);
    expect(await shop.events(lan, 'addon.%')).toEqual([
      'addon.purchased',
      'addon.activated',
      'addon.renewed',
      'addon.renewed',
      'addon.expired',
    ]);
    expect(await shop.status(lan)).toBe('active');
  });

  it('keeps the term that was agreed on, and has a new one when it is bought again', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    const [id, { company, test }] = [shop.addons.course, shop.world];
    const edit = (termPeriods: number | null) =>
      test.database.withTenant(company.id, (tx) => updateAddon(tx, { id, changes: { termPeriods }, now: start }));
    await shop.buy(lan, 'course');
    await edit(1);
    await shop.advance(lan, 35);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'active', next: '2025-05-10', expires: end }]);
    await shop.ask(lan, { type: 'remove_addon', addonId: id, atPeriodEnd: false });
    await shop.buy(lan, 'course');
    await edit(3);

    expect(await shop.bought(lan)).toMatchObject([
      { status: 'removed' },
      { status: 'active', next: null, expires: new Date('2025-05-14T03:00:00Z') },
    ]);
  });

  it('ends in a pause at its own instant', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.buy(lan, 'course');
    await shop.advance(lan, 70);
    await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false });
    await shop.advance(lan, 40);

    expect(await shop.bought(lan)).toMatchObject([{ status: 'expired', expires: end, reason: 'its term ended' }]);
    await shop.ask(lan, { type: 'resume' });
    expect((await shop.invoices(lan)).at(-1)?.lines).toMatchObject([{ description: 'Pro' }]);
  });
});
