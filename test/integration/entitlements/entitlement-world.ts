import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import type { FeatureGrant } from '../../../domain/catalogue/features/feature-grant';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { readEntitlements } from '../../../domain/entitlements/read-entitlements';
import { viewEntitlement } from '../../../domain/entitlements/view-entitlement';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import { openAddonWorld, type AddonWorld } from '../subscriptions/addon-world';
import type { Subscribed } from '../subscriptions/subscription-world';

export type EntitlementView = ReturnType<typeof viewEntitlement>;

/** The world of add-ons with features that are limits and balances. */
export interface EntitlementWorld {
  shop: AddonWorld;
  /** By name: `team` costs 200,000 a month, `starter` nothing. */
  plans: Record<'team' | 'starter' | 'trial', number>;
  check(customerId: number, code: string): Promise<EntitlementView>;
  use(who: Subscribed, units: number): Promise<void>;
  nowOf(who: Subscribed): Promise<Date>;
}

const ofTeam: FeatureGrant[] = [
  { feature: 'projects', value: 3, perUnit: true },
  { feature: 'calls', value: 1_000, perUnit: false },
  { feature: 'reports', value: true, perUnit: false },
];

export async function openEntitlementWorld(start: Date): Promise<EntitlementWorld> {
  const shop = await openAddonWorld(start);
  const { company, test, rows } = shop.world;
  const { database } = test;
  const plans = await database.withTenant(company.id, async (tx) => {
    await createMeter(tx, { meter: { code: 'calls', name: 'Calls', aggregation: 'sum' }, now: start });
    await createFeature(tx, { feature: { code: 'reports', name: 'Reports' }, now: start });
    await createFeature(tx, { feature: { code: 'projects', name: 'Projects', kind: 'limit' }, now: start });
    await createFeature(tx, {
      feature: { code: 'calls', name: 'Calls', kind: 'metered', unit: 'call', meter: 'calls' },
      now: start,
    });
    const sold = { billingPeriod: 'monthly' as const, price: 10_000 };
    const pack: FeatureGrant[] = [
      { feature: 'projects', value: 10, perUnit: true },
      { feature: 'calls', value: 500, perUnit: true },
    ];
    await createAddon(tx, { addon: { key: 'pack', name: 'Pack', ...sold, grants: pack }, now: start });
    await createAddon(tx, {
      addon: {
        key: 'boundless',
        name: 'Boundless',
        ...sold,
        grants: [{ feature: 'projects', value: 'unlimited', perUnit: false }],
      },
      now: start,
    });
    const plan = async (name: string, price: number, grants: FeatureGrant[], trialDays = 0) => {
      const trial = trialDays > 0 ? { trialEnabled: true, trialDays } : {};
      const made = await createPlan(tx, {
        plan: { name, price, billingCycle: 'monthly', grants, ...trial },
        now: start,
      });

      return made.id;
    };

    return {
      team: await plan('Team', 200_000, ofTeam),
      starter: await plan('Starter', 0, [{ feature: 'calls', value: 100, perUnit: false }]),
      trial: await plan('Try', 50_000, [{ feature: 'reports', value: true, perUnit: false }], 7),
    };
  });
  let sent = 0;

  const world: EntitlementWorld = {
    shop,
    plans,
    async check(customerId, code) {
      const { entitlements, timeZone } = await readEntitlements(database.eachAlone(company.id), {
        customerId,
        code,
        now: start,
      });
      const [only] = entitlements;

      if (only === undefined) {
        throw new Error(`Nothing was said of ${code}.`);
      }

      return viewEntitlement(only, timeZone);
    },
    async use(who, units) {
      sent += 1;
      const timestamp = (await world.nowOf(who)).toISOString();
      const event = {
        id: `use-${sent}`,
        event: 'calls',
        customerId: who.customerId,
        timestamp,
        properties: { value: units },
      };
      const [result] = await database.withTenantSql(company.id, (tx) =>
        ingestEvents(tx, { events: [event], now: start }),
      );
      expect(result).toMatchObject({ status: 'accepted' });
    },
    async nowOf({ clockId }) {
      const [clock] = await rows<{ now: Date }>('SELECT now FROM ordering.test_clocks WHERE id = $1', [clockId]);

      return clock?.now ?? start;
    },
  };

  return world;
}
