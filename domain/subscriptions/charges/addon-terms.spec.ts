import fc from 'fast-check';

import { begin, day, key, plan, settled, start, storage } from '../../../test/paper/addon-life';
import { advance, BILLING_PERIODS } from '../../calendar/billing-period-rules';
import { localDateAt } from '../../calendar/zoned-calendar';
import { addonPayload } from '../lifecycle/addon-rules';
import type { SubscriptionCommand } from '../lifecycle/decision-types';

const zone = 'Asia/Ho_Chi_Minh';
const termed = (termPeriods: number) => ({ ...storage, termPeriods });
const removal: SubscriptionCommand = { type: 'remove_addon', addonId: storage.addonId, atPeriodEnd: false };
const purchase = (termPeriods: number): SubscriptionCommand => ({
  type: 'add_addons',
  addons: [{ key: 'addon/8', terms: termed(termPeriods), quantity: 1 }],
});

it('an add-on with a term is billed for that and no more, without a gap, whatever its periods follow', () => {
  fc.assert(
    fc.property(
      fc.record({
        bought: fc.integer({ min: 0, max: 280 }).map((quarters) => quarters / 4),
        termPeriods: fc.integer({ min: 1, max: 14 }),
        addonAlignTo: fc.constantFrom('own' as const, 'subscription' as const),
        quantity: fc.constantFrom(1, 3),
      }),
      ({ bought, termPeriods, addonAlignTo, quantity }) => {
        const life = begin({ bought, terms: termed(termPeriods), policy: { ...settled, addonAlignTo }, quantity });
        const from = start + bought * day;
        const end = life.addon?.endsAt ?? 0;
        life.live(bought + termPeriods * 31 + 62);
        const services = life.lines.map(({ service }) => service);

        expect(localDateAt(end, zone)).toBe(advance(localDateAt(from, zone), BILLING_PERIODS.monthly, termPeriods));
        expect(services.map(({ startsAt }) => startsAt)).toEqual([
          from,
          ...services.slice(0, -1).map(({ endsAt }) => endsAt),
        ]);
        expect(services.at(-1)?.endsAt).toBe(end);
        expect(addonAlignTo === 'own' ? services.length : termPeriods).toBe(termPeriods);
        expect(life.addon).toBeUndefined();
        expect(life.told('addon.removed')).toEqual([]);
        expect(life.told('addon.expired')).toMatchObject([
          { payload: { status: 'expired', reason: 'its term ended', endedAt: new Date(end).toISOString() } },
        ]);
      },
    ),
  );
});

it('its last part is a part of a period where its periods follow the plan’s', () => {
  const life = begin({ terms: termed(2), policy: { ...settled, addonAlignTo: 'subscription' } });
  life.live(100);
  const dateOf = (at: number) => localDateAt(at, zone);

  expect(
    life.lines.map(({ service, denominator: whole }) => [service, whole].map((span) => dateOf(span.endsAt))),
  ).toEqual([
    ['2026-04-01', '2026-04-01'],
    ['2026-05-01', '2026-05-01'],
    ['2026-05-11', '2026-06-01'],
  ]);
});

it('its end is told with the purchase, and stands fast when its price, its periods or its quantity change', () => {
  const life = begin({ terms: termed(3) });
  const end = life.addon?.endsAt ?? 0;

  expect(life.told('addon.purchased')).toMatchObject([
    { payload: { termPeriods: 3, expiresAt: new Date(end).toISOString() } },
  ]);
  const asked = { type: 'change_price', priceId: 2, currency: 'VND', noticeDays: 0, billed: null } as const;
  life.ask({ ...asked, to: { item: key, terms: { ...termed(3), amount: 70 } }, immediate: true }, 15);
  life.ask({ type: 'change_addon', addonId: storage.addonId, quantity: 2, immediate: true, billed: null }, 20);
  life.ask(
    { ...asked, to: { item: key, terms: { ...termed(3), amount: 900, billingCycle: 'yearly' } }, immediate: true },
    25,
  );

  expect(life.addon).toMatchObject({ endsAt: end, quantity: 2, period: { endsAt: end } });
  life.live(200);
  expect(life.told('addon.expired')).toMatchObject([{ payload: { endedAt: new Date(end).toISOString() } }]);
});

it('begins with what is paid: after the trial that it is tried in', () => {
  const life = begin({ bought: null, terms: termed(1), trialDays: 14 });

  expect(life.addon?.endsAt).toBeNull();
  life.live(15);
  expect(localDateAt(life.addon?.endsAt ?? 0, zone)).toBe('2026-04-15');
});

it('of an add-on that is free, it ends at its own time as well', () => {
  const life = begin({ terms: { ...termed(1), amount: 0 }, planTerms: { ...plan, amount: 0 } });
  life.live(40);
  expect(life.addon).toMatchObject({ period: null });
  life.live(42);
  expect(life.told('addon.expired')).toMatchObject([{ payload: { endedAt: '2026-04-11T03:00:00.000Z' } }]);
});

it('goes on in a pause, and is over in it at its own instant', () => {
  const life = begin({ terms: termed(1) });
  life.ask({ type: 'pause', reason: null, atPeriodEnd: false }, 12);
  life.live(60);
  expect(life.told('addon.expired')).toMatchObject([{ payload: { endedAt: '2026-04-11T03:00:00.000Z' } }]);
  life.ask({ type: 'resume' }, 61);

  expect(life.lines).toHaveLength(1);
});

it('is a new one when it is bought again', () => {
  const life = begin({ terms: termed(2) });
  life.ask(removal, 20);
  life.ask(purchase(2), 30);
  const again = life.state.items.find((item) => item.key === 'addon/8');

  expect(localDateAt(again?.endsAt ?? 0, zone)).toBe('2026-05-31');
  expect(addonPayload(life.state, again as NonNullable<typeof life.addon>)).toMatchObject({ termPeriods: 2 });
});

it('is told as a removal where that was asked for', () => {
  const life = begin({ terms: termed(1) });
  life.ask({ ...removal, atPeriodEnd: true }, 12);
  life.live(60);

  expect(life.told('addon.removed')).toHaveLength(1);
  expect(life.told('addon.expired')).toEqual([]);
});
