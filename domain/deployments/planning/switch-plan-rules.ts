import { AppError } from '../../errors';
import type { BusinessModel, Intent } from '../../intents/intent-types';
import type { Changeset, ServiceChange } from '../changeset-types';
import {
  changedAddons,
  changedPlans,
  changedPromotions,
  type KnownCatalogue,
  missingFreePlan,
} from './catalogue-change-rules';
import { billingModeOf, type CompanyNeeds, environmentOf, servicesOf, switchedServices } from './service-matrix-rules';
import {
  type Door,
  doors,
  type OpenDoors,
  type OpenWork,
  type SwitchedSettings,
  type SwitchPlan,
} from './switch-plan-types';

/** A service as it is wanted on the target now. `missing`: the target has never had it. */
export interface ServiceStanding {
  service: string;
  state: 'running' | 'retiring' | 'stopped' | 'missing';
  replicas: number;
  env: Readonly<Record<string, string>>;
}

/** All that a plan is made from: a company, what others need, and what runs. */
export interface PlanningContext {
  company: CompanyNeeds & { subscriptionEnabled: boolean; currency: string; doors: OpenDoors };
  /** What the other active companies need; equal ones may be told once. */
  others: readonly CompanyNeeds[];
  /** Active companies, with this one. */
  companies: number;
  services: readonly ServiceStanding[];
  /** Of this company. */
  ownWork: OpenWork;
  /** Of all companies, by service. */
  openWork: Readonly<Record<string, number>>;
  catalogue: KnownCatalogue;
}

const ppm = 1_000_000;

/**
 * What an intent would do, as a pure function of what is there (D28): services as the documents' matrix has them, for all
 * active companies together, and the catalogue with equal entries reused and none repriced.
 * @throws AppError validation_failed at the part of the intent that contradicts its model; no_change
 */
export function planSwitch(intent: Intent, context: PlanningContext): SwitchPlan {
  const { company, others, catalogue } = context;
  const from = company.businessModel;
  const to = intent.businessModel ?? from;
  assertConsistent(intent, to);
  const { settings, before } = settingsAfter(intent, to, company);
  const needs: CompanyNeeds = { ...company, ...settings, businessModel: to };
  const wantedDoors = doorsOf(to, needs);
  const free = to === 'freemium' ? missingFreePlan(intent.plans, catalogue.plans, company.currency) : [];
  const { changeset, stops } = planServices({ from, to, needs: [needs, ...others], others, context });
  const plan: SwitchPlan = {
    from,
    to,
    changeset,
    plans: changedPlans([...intent.plans, ...free], catalogue.plans),
    addons: changedAddons(intent.addons, catalogue.addons),
    promotions: changedPromotions(intent.promotions, catalogue.promotions),
    settings,
    settingsBefore: before,
    doors: wantedDoors,
    closes: doors.filter((door) => company.doors[door] && !wantedDoors[door]),
    opens: doors.filter((door) => !company.doors[door] && wantedDoors[door]),
    stops,
    openWork: workOfReleased(from, to, context.ownWork),
    companies: context.companies,
  };

  if (isNothing(plan)) {
    throw new AppError('no_change', { detail: 'All of this is so already.', params: { businessModel: from } });
  }

  return plan;
}

/** What a company of a model takes on anew. */
export function doorsOf(model: BusinessModel, { addonEnabled }: Pick<CompanyNeeds, 'addonEnabled'>): OpenDoors {
  const subscribes = model !== 'retail';

  return {
    orders: model === 'retail' || model === 'multi',
    subscriptions: subscribes,
    addons: subscribes && addonEnabled,
  };
}

/** A model and what is sold in it must fit: a shop sells no plans. */
function assertConsistent(intent: Intent, to: BusinessModel): void {
  const [what, list] =
    intent.plans.length > 0 ? (['plans', intent.plans] as const) : (['addons', intent.addons] as const);

  if (to === 'retail' && list.length > 0) {
    throw new AppError('validation_failed', {
      field: `/intent/${what}`,
      detail: `A retail business sells no ${what}. To keep the shop and sell them too, ask for the model multi.`,
    });
  }

  for (const [index, { percentOff, amountOff, currency }] of intent.promotions.entries()) {
    if ((percentOff === null) === (amountOff === null) || (amountOff !== null && currency === null)) {
      throw new AppError('validation_failed', {
        field: `/intent/promotions/${index}`,
        detail: 'A promotion takes a percentage off, or an amount in a currency.',
      });
    }
  }
}

/** The documents' flags (S380–S384) as settings of the company; only those that change. */
function settingsAfter(intent: Intent, to: BusinessModel, company: PlanningContext['company']) {
  const isSwitch = to !== company.businessModel;
  const namesAddons = intent.addons.length > 0;
  const flags: SwitchedSettings = !isSwitch
    ? namesAddons
      ? { addonEnabled: true }
      : {}
    : {
        billingMode: billingModeOf[to],
        subscriptionEnabled: to !== 'retail',
        ...(to === 'retail'
          ? {}
          : { freeTier: to !== 'subscription', addonEnabled: to !== 'subscription' || namesAddons }),
      };
  const wanted: SwitchedSettings = {
    ...flags,
    ...(intent.taxRate === null ? {} : { taxRatePpm: Math.round(intent.taxRate * ppm) }),
  };
  const names = (Object.keys(wanted) as (keyof SwitchedSettings)[])
    .filter((name) => wanted[name] !== company[name])
    .sort();
  const pick = (source: SwitchedSettings): SwitchedSettings =>
    Object.fromEntries(names.map((name) => [name, source[name]])) as SwitchedSettings;

  return { settings: pick(wanted), before: pick(company) };
}

function planServices(input: {
  from: BusinessModel;
  to: BusinessModel;
  needs: readonly CompanyNeeds[];
  others: readonly CompanyNeeds[];
  context: PlanningContext;
}): { changeset: Changeset; stops: string[] } {
  const { from, to, needs, others, context } = input;
  const wanted = new Set(needs.flatMap(({ businessModel }) => servicesOf(businessModel)));
  const ofOthers = new Set(others.flatMap(({ businessModel }) => servicesOf(businessModel)));
  const own = new Set(servicesOf(to));
  const stops: string[] = [];
  const services = switchedServices.flatMap(({ name, service, namespace, isStoppable }): ServiceChange[] => {
    const standing = context.services.find((one) => one.service === service) ?? missing(service);
    const env = environmentOf(service, needs);
    const one = { name, service, namespace };

    if (wanted.has(service) || !isStoppable) {
      if (standing.state === 'missing' && !wanted.has(service)) {
        return [];
      }

      return [{ ...one, ...running(standing, env, ofOthers.has(service) && !own.has(service)) }];
    }
    if (standing.state === 'stopped' || standing.state === 'missing') {
      return standing.state === 'missing' ? [] : [{ ...one, action: 'keep', replicas: 0, env, reason: 'unchanged' }];
    }
    stops.push(service);

    return [
      (context.openWork[service] ?? 0) > 0
        ? { ...one, action: 'keep', replicas: Math.max(1, standing.replicas), env, reason: 'open_work' }
        : { ...one, action: 'stop', replicas: 0, env, reason: null },
    ];
  });

  return { changeset: { from, to, services }, stops };
}

const missing = (service: string): ServiceStanding => ({ service, state: 'missing', replicas: 0, env: {} });

/** What happens to a service that is to run. */
function running(
  standing: ServiceStanding,
  env: Record<string, string>,
  isForOthersOnly: boolean,
): Pick<ServiceChange, 'action' | 'replicas' | 'env' | 'reason'> {
  const replicas = Math.max(1, standing.replicas);

  switch (standing.state) {
    case 'missing':
      return { action: 'create', replicas, env, reason: null };
    case 'stopped':
      return { action: 'start', replicas, env, reason: null };
    case 'retiring':
      return { action: 'update', replicas, env, reason: 'needed_again' };
    case 'running':
      return isSameEnvironment(standing.env, env)
        ? { action: 'keep', replicas, env, reason: isForOthersOnly ? 'shared' : 'unchanged' }
        : { action: 'update', replicas, env, reason: isForOthersOnly ? 'shared' : null };
  }
}

function isSameEnvironment(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left);

  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/** Open work of the company in services that its next model does not have. */
function workOfReleased(from: BusinessModel, to: BusinessModel, own: OpenWork): OpenWork {
  const kept = new Set(servicesOf(to));
  const isReleased = (service: string) => servicesOf(from).includes(service) && !kept.has(service);
  const subscribes = isReleased('subscription-svc');

  return {
    orders: isReleased('order-svc') ? own.orders : 0,
    subscriptions: subscribes ? own.subscriptions : 0,
    testClocks: subscribes ? own.testClocks : 0,
    priceMoves: subscribes ? own.priceMoves : 0,
  };
}

/** Everything is as it is asked for: the model, the catalogue, the settings and what the company takes on. */
function isNothing(plan: SwitchPlan): boolean {
  const { from, to, plans, addons, promotions, settings, closes, opens } = plan;

  return (
    from === to &&
    [...plans, ...addons, ...promotions].every(({ action }) => action === 'reuse') &&
    Object.keys(settings).length + closes.length + opens.length === 0
  );
}

export const sumOfWork = ({ orders, subscriptions, testClocks, priceMoves }: OpenWork): number =>
  orders + subscriptions + testClocks + priceMoves;

/** Doors as a record of closed ones: what a failed switch opens again. */
export const withDoorsClosed = (open: OpenDoors, closed: readonly Door[]): OpenDoors => ({
  ...open,
  ...Object.fromEntries(closed.map((door) => [door, false])),
});
