import fc from 'fast-check';

import { type BusinessModel, businessModels, type Intent, type IntentPlan } from '../../intents/intent-types';
import { describePlan } from './describe-plan';
import { planHash } from './plan-hash';
import { type CompanyNeeds, environmentOf, servicesOf, switchedServices } from './service-matrix-rules';
import { doorsOf, planSwitch, type PlanningContext, type ServiceStanding } from './switch-plan-rules';
import type { KnownPlan } from './catalogue-change-rules';
import type { SwitchPlan } from './switch-plan-types';

const nothingAsked: Intent = {
  businessModel: null,
  plans: [],
  addons: [],
  promotions: [],
  taxRate: null,
  source: 'rules',
  confidence: 1,
  questions: [],
};
const plan199: IntentPlan = {
  name: null,
  price: 199_000,
  currency: 'VND',
  billingCycle: 'monthly',
  trialDays: null,
  unit: null,
};
const noWork = { orders: 0, subscriptions: 0, testClocks: 0, priceMoves: 0 };
const running = (service: string, fields: Partial<ServiceStanding> = {}): ServiceStanding => ({
  service,
  state: 'running',
  replicas: 1,
  env: {},
  ...fields,
});
const needsOf = (businessModel: BusinessModel, fields: Partial<CompanyNeeds> = {}): CompanyNeeds => ({
  businessModel,
  billingMode: null,
  taxRatePpm: 100_000,
  freeTier: true,
  addonEnabled: true,
  ...fields,
});
function contextOf(model: BusinessModel, fields: Partial<PlanningContext> = {}): PlanningContext {
  const needs = needsOf(model);

  return {
    company: { ...needs, subscriptionEnabled: true, currency: 'VND', doors: doorsOf(model, needs) },
    others: [],
    companies: 1,
    services: switchedServices.map(({ service }) => running(service)),
    ownWork: noWork,
    openWork: {},
    catalogue: { plans: [], addons: [], promotions: [] },
    ...fields,
  };
}
const switchTo = (businessModel: BusinessModel, fields: Partial<Intent> = {}): Intent => ({
  ...nothingAsked,
  businessModel,
  ...fields,
});
const actions = ({ changeset }: SwitchPlan) =>
  Object.fromEntries(changeset.services.map(({ service, action, reason }) => [service, [action, reason]]));
const target = { kind: 'local', targetId: 'local', context: null, server: null, clusterId: null } as const;
const hashOf = (plan: SwitchPlan) => planHash({ plan, target, drain: 'finish', digest: '' });

describe('the documents’ matrix', () => {
  it('has a shop run orders and no subscriptions, and the others the other way round (S66–S68)', () => {
    expect(servicesOf('retail')).toEqual(['order-svc', 'inventory-svc', 'billing-svc']);
    expect(servicesOf('subscription')).toEqual(['subscription-svc', 'promotion-svc', 'billing-svc']);
    expect(servicesOf('freemium')).toEqual(servicesOf('subscription'));
    expect(servicesOf('multi')).toHaveLength(switchedServices.length);
  });

  it('sets SUBSCRIPTION_ENABLED, BILLING_MODE, TAX_RATE, FREE_TIER and ADDON_ENABLED (S380–S384)', () => {
    const retail = needsOf('retail', { billingMode: 'onetime' });
    const subscription = needsOf('subscription', { billingMode: 'recurring', freeTier: false, addonEnabled: false });

    expect(environmentOf('billing-svc', [retail])).toEqual({
      BILLING_MODE: 'onetime',
      SUBSCRIPTION_ENABLED: 'false',
      TAX_RATE: '0.1',
    });
    expect(environmentOf('billing-svc', [subscription])).toEqual({
      BILLING_MODE: 'recurring',
      SUBSCRIPTION_ENABLED: 'true',
      TAX_RATE: '0.1',
    });
    expect(environmentOf('subscription-svc', [subscription])).toEqual({ ADDON_ENABLED: 'false', FREE_TIER: 'false' });
    expect(environmentOf('subscription-svc', [needsOf('freemium')])).toEqual({
      ADDON_ENABLED: 'true',
      FREE_TIER: 'true',
    });
    expect(environmentOf('billing-svc', [retail, { ...subscription, taxRatePpm: 80_000 }])).toEqual({
      SUBSCRIPTION_ENABLED: 'true',
    });
    expect(environmentOf('order-svc', [retail])).toEqual({});
  });
});

describe('“Chuyển sang subscription 199k/tháng” of a shop', () => {
  const retail = contextOf('retail', {
    services: [
      running('order-svc'),
      running('inventory-svc'),
      running('subscription-svc', { state: 'stopped', replicas: 0 }),
    ],
  });
  const intent = switchTo('subscription', { plans: [plan199] });

  it('starts subscriptions, creates promotions, updates billing, stops orders and inventory (S62–S64)', () => {
    const plan = planSwitch(intent, { ...retail, services: [...retail.services, running('billing-svc')] });

    expect(plan.changeset).toEqual({
      from: 'retail',
      to: 'subscription',
      services: [
        {
          name: 'OrderService',
          service: 'order-svc',
          namespace: 'order',
          action: 'stop',
          replicas: 0,
          env: {},
          reason: null,
        },
        {
          name: 'InventoryService',
          service: 'inventory-svc',
          namespace: 'order',
          action: 'stop',
          replicas: 0,
          env: {},
          reason: null,
        },
        {
          name: 'SubscriptionService',
          service: 'subscription-svc',
          namespace: 'order',
          action: 'start',
          replicas: 1,
          env: { ADDON_ENABLED: 'false', FREE_TIER: 'false' },
          reason: null,
        },
        {
          name: 'PromotionService',
          service: 'promotion-svc',
          namespace: 'product',
          action: 'create',
          replicas: 1,
          env: {},
          reason: null,
        },
        {
          name: 'BillingService',
          service: 'billing-svc',
          namespace: 'finance',
          action: 'update',
          replicas: 1,
          env: { BILLING_MODE: 'recurring', SUBSCRIPTION_ENABLED: 'true', TAX_RATE: '0.1' },
          reason: null,
        },
      ],
    });
    expect(plan.closes).toEqual(['orders']);
    expect(plan.opens).toEqual(['subscriptions']);
    expect(plan.settings).toEqual({ addonEnabled: false, billingMode: 'recurring', freeTier: false });
    expect(plan.plans).toEqual([
      {
        action: 'create',
        id: null,
        name: 'Gói 199,000 VND/tháng',
        price: 199_000,
        currency: 'VND',
        billingCycle: 'monthly',
        trialDays: 0,
        unit: null,
      },
    ]);
  });

  it('keeps what has open work, and what another company needs, each with its reason', () => {
    const busy = planSwitch(intent, {
      ...retail,
      ownWork: { ...noWork, orders: 3, subscriptions: 2 },
      openWork: { 'order-svc': 3 },
    });
    const shared = planSwitch(intent, { ...retail, others: [needsOf('multi')], companies: 2 });

    expect(actions(busy)).toMatchObject({ 'order-svc': ['keep', 'open_work'], 'inventory-svc': ['stop', null] });
    expect(busy.stops).toEqual(['order-svc', 'inventory-svc']);
    expect(busy.openWork).toEqual({ ...noWork, orders: 3 });
    expect(actions(shared)).toMatchObject({ 'order-svc': ['keep', 'shared'], 'inventory-svc': ['keep', 'shared'] });
    expect(shared.stops).toEqual([]);
  });

  it('is told in both languages', () => {
    const plan = planSwitch(intent, { ...retail, ownWork: { ...noWork, orders: 3 }, openWork: { 'order-svc': 3 } });
    const input = { plan, target, drain: 'finish' } as const;

    expect(describePlan(input, 'vi')).toContain('Chuyển mô hình kinh doanh: bán lẻ → thuê bao');
    expect(describePlan(input, 'vi')).toContain(
      '- order-svc         làm nốt việc đang mở rồi dừng, 1 bản sao (còn việc đang mở)',
    );
    expect(describePlan(input, 'vi')).toContain('199.000 ₫/tháng');
    expect(describePlan(input, 'en')).toContain(
      '+ subscription-svc  starts, 1 replica  ADDON_ENABLED=false FREE_TIER=false',
    );
    expect(describePlan(input, 'en')).toContain('~ billingMode: – → recurring');
    expect(describePlan(input, 'en')).toContain('3 orders: goes on to its end as promised');
    expect(describePlan(input, 'en')).toMatch(/^Plan: 4 to add, 3 to change, 2 to stop\.$/m);
  });
});

it('gives a freemium business the plan that costs nothing, unless one is sold', () => {
  const free: KnownPlan = {
    id: 7,
    name: 'Starter',
    prices: [{ price: 0, currency: 'VND' }],
    billingCycle: 'monthly',
    trialDays: 0,
    isPlain: true,
  };

  expect(planSwitch(switchTo('freemium'), contextOf('retail')).plans).toMatchObject([
    { action: 'create', name: 'Miễn phí', price: 0 },
  ]);
  expect(
    planSwitch(switchTo('freemium'), contextOf('retail', { catalogue: { plans: [free], addons: [], promotions: [] } }))
      .plans,
  ).toEqual([]);
});

it('reuses what is equal, and makes another beside what has another price', () => {
  const sold = {
    id: 5,
    name: 'Pro',
    prices: [{ price: 199_000, currency: 'VND' }],
    billingCycle: 'monthly',
    trialDays: 0,
    isPlain: true,
  };
  const storage = {
    id: 3,
    key: 'storage',
    name: 'Storage',
    prices: [{ price: 40_000, currency: 'VND' }],
    billingPeriod: 'monthly',
    isPlain: true,
  };
  const context = contextOf('multi', { catalogue: { plans: [sold], addons: [storage], promotions: [] } });
  const asked = {
    ...nothingAsked,
    plans: [plan199, { ...plan199, name: 'pro', price: 250_000 }],
    addons: [{ key: 'storage', name: null, price: 50_000, currency: 'VND', billingPeriod: 'onetime' as const }],
    promotions: [{ code: null, percentOff: 12.5, amountOff: null, currency: null, periods: 3 }],
  };
  const plan = planSwitch(asked, context);

  expect(plan.plans).toMatchObject([
    { action: 'reuse', id: 5, name: 'Pro' },
    { action: 'create', id: null, name: 'pro (2)', price: 250_000 },
  ]);
  expect(plan.addons).toMatchObject([
    { action: 'create', key: 'storage-2', name: 'Storage', billingPeriod: 'one_time' },
  ]);
  expect(plan.promotions).toMatchObject([
    { action: 'create', code: 'GIAM-12-5', ratePpm: 125_000, amount: null, periods: 3 },
  ]);
});

it('reuses a plan and an add-on by their prices in other currencies too', () => {
  const prices = [
    { price: 10, currency: 'USD' },
    { price: 199_000, currency: 'VND' },
  ];
  const sold = { id: 5, name: 'Pro', prices, billingCycle: 'monthly', trialDays: 0, isPlain: true };
  const kept = { id: 3, key: 'storage', name: 'Storage', prices, billingPeriod: 'monthly', isPlain: true };
  const context = contextOf('multi', { catalogue: { plans: [sold], addons: [kept], promotions: [] } });
  const storage = { key: 'storage', name: null, currency: 'VND', billingPeriod: 'monthly' as const };
  const planned = (price: number, addonPrice: number) =>
    planSwitch(
      { ...nothingAsked, plans: [{ ...plan199, price }], addons: [{ ...storage, price: addonPrice }] },
      context,
    );

  expect(planned(199_000, 10)).toMatchObject({
    plans: [{ action: 'reuse', id: 5, price: 199_000, currency: 'VND' }],
    addons: [{ action: 'create' }],
  });
  expect(planned(10, 199_000)).toMatchObject({
    plans: [{ action: 'create' }],
    addons: [{ action: 'reuse', id: 3, price: 199_000, currency: 'VND' }],
  });
});

it('knows an add-on by its key, however that is written', () => {
  const sold = {
    id: 4,
    key: 'ai_assistant',
    name: 'AI Assistant',
    prices: [{ price: 100_000, currency: 'VND' }],
    billingPeriod: 'monthly',
    isPlain: true,
  };
  const context = contextOf('multi', { catalogue: { plans: [], addons: [sold], promotions: [] } });
  const asked = { key: 'ai-assistant', name: 'trợ lý AI', currency: 'VND', billingPeriod: 'monthly' as const };
  const plan = planSwitch(
    {
      ...nothingAsked,
      addons: [
        { ...asked, price: 100_000 },
        { ...asked, price: 120_000 },
      ],
    },
    context,
  );

  expect(plan.addons).toMatchObject([
    { action: 'reuse', id: 4, key: 'ai_assistant' },
    { action: 'create', id: null, key: 'ai-assistant-2', price: 120_000 },
  ]);
});

it('refuses what contradicts itself, and what is so already', () => {
  const refusal = (intent: Intent, context: PlanningContext) => {
    try {
      planSwitch(intent, context);
    } catch (error) {
      return error;
    }

    throw new Error('It was planned.');
  };

  expect(refusal(switchTo('retail', { plans: [plan199] }), contextOf('multi'))).toMatchObject({
    code: 'validation_failed',
    field: '/intent/plans',
  });
  expect(
    refusal(
      {
        ...nothingAsked,
        promotions: [{ code: null, percentOff: null, amountOff: null, currency: null, periods: null }],
      },
      contextOf('multi'),
    ),
  ).toMatchObject({ code: 'validation_failed', field: '/intent/promotions/0' });
  expect(
    refusal(
      switchTo('retail'),
      contextOf('retail', {
        company: { ...contextOf('retail').company, billingMode: 'onetime', subscriptionEnabled: false },
      }),
    ),
  ).toMatchObject({ code: 'no_change' });
  expect(refusal(nothingAsked, contextOf('multi'))).toMatchObject({ code: 'no_change' });
});

const models = fc.constantFrom(...businessModels);
const needs = fc.record({
  businessModel: models,
  billingMode: fc.constantFrom('onetime', 'recurring', 'freemium', null),
  taxRatePpm: fc.constantFrom(0, 80_000, 100_000),
  freeTier: fc.boolean(),
  addonEnabled: fc.boolean(),
});
const standing = fc.constantFrom('running', 'retiring', 'stopped', 'missing');
const contexts = fc
  .record({
    model: models,
    others: fc.array(needs, { maxLength: 4 }),
    states: fc.array(standing, { minLength: switchedServices.length, maxLength: switchedServices.length }),
    open: fc.array(fc.nat(3), { minLength: switchedServices.length, maxLength: switchedServices.length }),
  })
  .map(({ model, others, states, open }) =>
    contextOf(model, {
      others,
      companies: others.length + 1,
      services: switchedServices.map(({ service }, index) =>
        running(service, { state: states[index]!, replicas: states[index] === 'stopped' ? 0 : 1 }),
      ),
      openWork: Object.fromEntries(switchedServices.map(({ service }, index) => [service, open[index]!])),
    }),
  );
/** Where the plan was carried out and nothing is open any more. */
function after(plan: SwitchPlan, context: PlanningContext): PlanningContext {
  const company = { ...context.company, ...plan.settings, businessModel: plan.to, doors: plan.doors };

  return {
    ...context,
    company: company as PlanningContext['company'],
    services: plan.changeset.services.map(({ service, replicas, env }) =>
      plan.stops.includes(service)
        ? running(service, { state: 'stopped', replicas: 0, env })
        : running(service, { state: replicas === 0 ? 'stopped' : 'running', replicas, env }),
    ),
    openWork: {},
    catalogue: {
      plans: plan.plans.map((one, index) => ({ ...one, id: one.id ?? index + 100, prices: [one], isPlain: true })),
      addons: [],
      promotions: [],
    },
  };
}

describe('for any companies and any state of the services', () => {
  const planned = fc
    .tuple(models, contexts)
    .map(([to, context]) => {
      try {
        return { context, to, plan: planSwitch(switchTo(to), context) };
      } catch {
        return null;
      }
    })
    .filter((one) => one !== null);

  it('runs exactly what some company needs, and stops nothing that one needs or that has open work', () => {
    fc.assert(
      fc.property(planned, ({ plan, context, to }) => {
        const wanted = new Set([to, ...context.others.map(({ businessModel }) => businessModel)].flatMap(servicesOf));

        for (const { service, action, replicas } of plan.changeset.services) {
          const { isStoppable } = switchedServices.find((one) => one.service === service)!;

          if (wanted.has(service) || !isStoppable) {
            expect(replicas).toBeGreaterThan(0);
            expect(action).not.toBe('stop');
          } else if (action === 'stop') {
            expect(context.openWork[service]).toBe(0);
          } else {
            expect(action).toBe('keep');
          }
        }
      }),
    );
  });

  it('does not depend on the order of companies', () => {
    fc.assert(
      fc.property(planned, ({ plan, context, to }) => {
        expect(planSwitch(switchTo(to), { ...context, others: [...context.others].reverse() })).toEqual(plan);
      }),
    );
  });

  it('has nothing left to do once it is carried out', () => {
    fc.assert(
      fc.property(planned, ({ plan, context, to }) => {
        expect(() => planSwitch(switchTo(to), after(plan, context))).toThrow('All of this is so already.');
      }),
    );
  });

  it('has the same hash whatever work is open, and another for another plan, target or drain', () => {
    fc.assert(
      fc.property(planned, ({ plan, context, to }) => {
        const idle = planSwitch(switchTo(to), { ...context, openWork: {} });

        expect(hashOf(idle)).toBe(hashOf(plan));
        expect(hashOf({ ...plan, settings: { ...plan.settings, taxRatePpm: 1 } })).not.toBe(hashOf(plan));
        expect(planHash({ plan, target, drain: 'wait', digest: '' })).not.toBe(hashOf(plan));
        expect(planHash({ plan, target: { ...target, clusterId: 'c' }, drain: 'finish', digest: '' })).not.toBe(
          hashOf(plan),
        );
      }),
    );
  });
});
