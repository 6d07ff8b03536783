import { z } from 'zod';

import { dbInteger, dbJson } from '../../../platform/db/columns';
import { type Database, Prisma, type TenantSql } from '../../../platform/db/database';
import { resolveSettings } from '../../companies/setting-catalogue';
import { readModel } from '../../companies/model-of-company';
import { businessModels } from '../../intents/intent-types';
import { AppError } from '../../errors';
import { readKnownCatalogue } from './read-known-catalogue';
import type { CompanyNeeds } from './service-matrix-rules';
import { servicesOf, switchedServices } from './service-matrix-rules';
import type { TargetStanding } from '../deployment-target-types';
import type { PlanningContext, ServiceStanding } from './switch-plan-rules';
import type { OpenWork } from './switch-plan-types';
import { plannedFrom } from './target-standing-rules';

const Settings = z.object({ values: dbJson });
const Needs = z.object({ business_model: z.enum(businessModels), settings: dbJson, companies: dbInteger });
const Work = z.object({
  company_id: dbInteger,
  kind: z.enum(['orders', 'subscriptions', 'testClocks', 'priceMoves']),
  open: dbInteger,
});
const State = z.object({
  service: z.string(),
  state: z.enum(['running', 'retiring', 'stopped']),
  replicas: z.int(),
  env: z.record(z.string(), z.string()),
});

/** Work of each kind is work of these services. */
const servicesOfWork: Readonly<Record<z.output<typeof Work>['kind'], readonly string[]>> = {
  orders: ['order-svc', 'inventory-svc'],
  subscriptions: ['subscription-svc'],
  testClocks: ['subscription-svc'],
  priceMoves: ['subscription-svc'],
};

/**
 * What a switch of the transaction's company is planned from.
 * @param standings of the services on the target; null: those of the local target
 * @throws AppError company_suspended
 */
export async function readPlanningContext(
  tx: TenantSql,
  standings: readonly TargetStanding[] | null,
): Promise<PlanningContext> {
  const { status, businessModel, doors } = await readModel(tx);

  if (status !== 'active') {
    throw new AppError('company_suspended');
  }
  const [stored] = await tx.query(
    Settings,
    Prisma.sql`SELECT s.values FROM platform.company_settings s WHERE s.company_id = ${tx.companyId}::bigint`,
  );
  const needsOthers = await readNeedsOfOthers(tx);
  const settings = resolveSettings(stored?.values);

  return {
    company: {
      ...needsOf(businessModel, settings),
      subscriptionEnabled: settings.subscriptionEnabled,
      currency: settings.currency,
      doors,
    },
    others: needsOthers.map((row) => needsOf(row.business_model, resolveSettings(row.settings))),
    companies: 1 + needsOthers.reduce((sum, { companies }) => sum + companies, 0),
    services:
      standings === null
        ? await readStandings(tx)
        : plannedFrom(standings, [businessModel, ...needsOthers.map(({ business_model }) => business_model)]),
    ...(await readOpenWork(tx)),
    catalogue: await readKnownCatalogue(tx),
  };
}

/** Services that an active company needs by its model as it is now. */
export async function readNeededServices(tx: TenantSql): Promise<Set<string>> {
  const own = await readModel(tx);
  const others = await readNeedsOfOthers(tx);
  const models = [...(own.status === 'active' ? [own.businessModel] : []), ...others.map((one) => one.business_model)];

  return new Set(models.flatMap(servicesOf));
}

/** Services that any active company needs. */
export async function readServicesNeededByAll(database: Database): Promise<Set<string>> {
  // No company has the id 0.
  const rows = await database.system.query(Needs, Prisma.sql`SELECT * FROM system.company_needs(0)`);

  return new Set(rows.flatMap(({ business_model: model }) => servicesOf(model)));
}

const readNeedsOfOthers = (tx: TenantSql): Promise<z.output<typeof Needs>[]> =>
  tx.query(Needs, Prisma.sql`SELECT * FROM system.company_needs(${tx.companyId}::bigint)`);

function needsOf(
  businessModel: CompanyNeeds['businessModel'],
  settings: ReturnType<typeof resolveSettings>,
): CompanyNeeds {
  const { billingMode, taxRatePpm, freeTier, addonEnabled } = settings;

  return { businessModel, billingMode, taxRatePpm, freeTier, addonEnabled };
}

/** The services of the local target; one without a row runs (D31). */
async function readStandings(tx: TenantSql): Promise<ServiceStanding[]> {
  const rows = await tx.query(State, Prisma.sql`SELECT service, state, replicas, env FROM platform.service_state`);
  const known = new Map(rows.map((row) => [row.service, row]));

  return switchedServices.map(
    ({ service }) => known.get(service) ?? { service, state: 'running', replicas: 1, env: {} },
  );
}

/** Work that is not over: of the transaction's company by kind, of all companies by service. */
export async function readOpenWork(tx: TenantSql): Promise<Pick<PlanningContext, 'ownWork' | 'openWork'>> {
  const rows = await tx.query(Work, Prisma.sql`SELECT * FROM system.open_work()`);
  const ownWork: OpenWork = { orders: 0, subscriptions: 0, testClocks: 0, priceMoves: 0 };
  const openWork: Record<string, number> = {};

  for (const { company_id, kind, open } of rows) {
    if (company_id === tx.companyId) {
      ownWork[kind] = open;
    }

    for (const service of servicesOfWork[kind]) {
      openWork[service] = (openWork[service] ?? 0) + open;
    }
  }

  return { ownWork, openWork };
}
