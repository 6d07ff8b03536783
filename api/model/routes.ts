import { z } from 'zod';

import { tellModelSwitch } from '../../clients/model-switch-client';
import { readModel } from '../../domain/companies/model-of-company';
import { readSettings } from '../../domain/companies/setting-catalogue';
import { approveDeployment, type Approver } from '../../domain/deployments/approve-deployment';
import { cancelDeployment } from '../../domain/deployments/cancel-deployment';
import { createDeployment, type NewDeployment } from '../../domain/deployments/create-deployment';
import type { TargetKind } from '../../domain/deployments/deployment-target-types';
import { rollbackOf } from '../../domain/deployments/rollback-request';
import { describePlan } from '../../domain/deployments/planning/describe-plan';
import { planForTarget } from '../../domain/deployments/planning/plan-for-target';
import { readPlanningContext } from '../../domain/deployments/planning/read-planning-context';
import { seeTarget } from '../../domain/deployments/planning/seen-target';
import { type DeploymentRow, listDeployments, readDeployment } from '../../domain/deployments/row/deployment-row';
import { isOver } from '../../domain/deployments/row/deployment-status-rules';
import { viewDeployment } from '../../domain/deployments/row/deployment-view';
import type { Principal } from '../../domain/identity/principal';
import type { Intent } from '../../domain/intents/intent-types';
import { readWish, type Wish, type WishReaders } from '../../domain/intents/read-wish';
import { openSentenceModel } from '../../gateways/open-sentence-model';
import { openTargets } from '../../gateways/open-targets';
import type { TenantTransaction } from '../../platform/db/database';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { administrators, defineRoute, employees, type Reply, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { ApproveRequest, DeploymentSchema, ModelSchema, ParseRequest, PlanSchema, SwitchRequest, tag } from './schemas';

const targetErrors = ['target_unknown', 'target_incomplete', 'target_forbidden', 'target_unavailable'] as const;
const planErrors = ['validation_failed', 'no_change', 'intent_unclear', 'company_suspended', ...targetErrors] as const;

/** The schema has seen to it that there is one of them. */
function wishOf({ text, intent }: z.output<typeof ParseRequest>): Wish {
  return text === undefined ? { intent: intent as Intent } : { text };
}

/** Switches of the business model: planned, approved, carried out by `model-switch/<id>`, taken back. */
export function createModelRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const targets = openTargets(deps);
  const readers: WishReaders = {
    database,
    sentenceModel: openSentenceModel(deps.config),
    onModelFailure: (err) => deps.logger.warn({ err }, 'a language model has not read a sentence; the rules have'),
  };
  const see = async (kind: TargetKind = deps.config.DEPLOYMENT_TARGET) => seeTarget(await targets(kind));
  const approverOf = (principal: Principal | null): Approver | null =>
    principal === null ? null : { userId: principal.userId, isOperator: principal.role === 'super_admin' };

  async function planOnly(companyId: number, body: z.output<typeof ParseRequest>): Promise<Reply> {
    const { drain } = body;
    const { intent, evidence } = await readWish(readers, companyId, wishOf(body));

    if (intent.questions.length > 0) {
      const none = { changeset: null, plan: null, planHash: null, target: null, description: null };

      return { status: 200, body: { intent, evidence, ...none } };
    }
    const seen = await see(body.target);
    const planned = await database.withTenantSql(companyId, (tx) => planForTarget(tx, seen, { intent, drain }));
    const { changeset, ...plan } = planned.plan;
    const { hash, target } = planned;
    const told = { plan: planned.plan, target, drain };
    const description = { vi: describePlan(told, 'vi'), en: describePlan(told, 'en') };

    return { status: 200, body: { intent, evidence, changeset, plan, planHash: hash, target, description } };
  }

  /** Writes, tells the workflow, and answers the row as it stands then. */
  async function changed(
    companyId: number,
    status: number,
    work: (tx: TenantTransaction) => Promise<DeploymentRow>,
  ): Promise<Reply> {
    const { row, view } = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) => {
      const after = await work(tx);

      return { row: after, view: viewDeployment(after, timeZone) };
    });

    if (!isOver(row.status)) {
      await tellModelSwitch(deps, { companyId, id: row.id });
    }
    const headers: Record<string, string> = status === 201 ? { location: `/api/v1/model/deployments/${row.id}` } : {};

    return { status, body: view, headers };
  }

  return [
    defineRoute({
      method: 'post',
      path: '/model/parse',
      operationId: 'parseModel',
      summary: 'Show what a sentence or intent would do',
      description:
        'Reads a sentence of Vietnamese or English, and answers the intent, the changeset and the plan with its `planHash`; changes nothing. What is unclear comes back as `intent.questions`, and then there is no plan.',
      tag,
      access: administrators,
      body: ParseRequest,
      responses: { 200: PlanSchema },
      errors: planErrors,
      handler: ({ body, companyId }) => planOnly(companyId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/model/switch',
      operationId: 'switchModel',
      summary: 'Switch the business model',
      description:
        'Plans it and waits for an approval; with `planHash`, of a plan that was seen already, it begins at once. Watch it at its address. What was bought before keeps its promises; what ends takes nothing new from the beginning on.',
      tag,
      access: administrators,
      body: SwitchRequest,
      responses: { 200: PlanSchema, 201: DeploymentSchema },
      errors: [...planErrors, 'deployment_state', 'plan_stale', 'work_open'],
      reserves: 'deployment',
      async handler({ body, companyId, principal, reservedId: id, now }) {
        if (body.dryRun) {
          return planOnly(companyId, body);
        }
        const { text: sentence = null, drain, drainMinutes = null, expiresInMinutes, planHash } = body;
        const [{ intent }, seen] = [await readWish(readers, companyId, wishOf(body)), await see(body.target)];

        return changed(companyId, 201, async (tx) => {
          const terms = { drain, drainMinutes, expiresInMinutes, planHash };
          const request: NewDeployment = { id, intent, sentence, ...terms, rollbackOf: null };

          return createDeployment(tx, seen, { request, by: approverOf(principal), now });
        });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/model',
      operationId: 'readModel',
      summary: 'Read the business model, what the company takes on anew, and what runs',
      tag,
      access: employees,
      responses: { 200: ModelSchema },
      async handler({ companyId }) {
        const seen = await see().catch((error: unknown) => {
          // How the business stands is known whether the cluster answers or not.
          deps.logger.warn({ err: error }, 'the target of deployments could not be looked at');

          return null;
        });
        const body = await database.withTenant(companyId, async (tx) => {
          const { businessModel, doors } = await readModel(tx);
          const context = await readPlanningContext(tx, seen?.standings ?? null);
          const services = seen === null ? null : context.services;
          const { ownWork } = context;
          const [latest] = await listDeployments(tx, { before: null, limit: 1 });
          const { timeZone } = await readSettings(tx);
          const deployment = latest === undefined || isOver(latest.status) ? null : viewDeployment(latest, timeZone);

          return { businessModel, accepts: doors, openWork: ownWork, services, deployment };
        });

        return { status: 200, body };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/model/deployments',
      operationId: 'listDeployments',
      summary: 'List switches of the business model, newest first',
      tag,
      access: employees,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(DeploymentSchema) },
      async handler({ query: { limit, cursor }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          toPage(await listDeployments(tx, { before, limit: limit + 1 }), {
            limit,
            positionOf: ({ id }) => id,
            view: (row) => viewDeployment(row, timeZone),
          }),
        );

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/model/deployments/:id',
      operationId: 'readDeployment',
      summary: 'Read a switch of the business model, and how far it is',
      tag,
      access: employees,
      params: idParams,
      responses: { 200: DeploymentSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewDeployment(await readDeployment(tx, id), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/model/deployments/:id/approve',
      operationId: 'approveDeployment',
      summary: 'Approve a switch',
      description:
        'Its plan is made anew: when it is another one by now, the answer is plan_stale, and the switch holds the plan of today. What stops a service of an installation with several companies is for super_admin.',
      tag,
      access: administrators,
      params: idParams,
      body: ApproveRequest,
      responses: { 200: DeploymentSchema },
      errors: ['not_found', 'deployment_state', 'plan_stale', 'work_open', 'no_change', ...targetErrors],
      async handler({ params: { id }, body: { planHash }, companyId, principal, now }) {
        const row = await database.withTenantSql(companyId, (tx) => readDeployment(tx, id));
        const seen = await see(row.target.kind);
        const { stale } = await database.withTenant(companyId, (tx) =>
          approveDeployment(tx, seen, { id, planHash, by: approverOf(principal), now }),
        );

        if (stale !== null) {
          throw stale;
        }

        return changed(companyId, 200, (tx) => readDeployment(tx, id));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/model/deployments/:id/cancel',
      operationId: 'cancelDeployment',
      summary: 'Cancel a switch',
      description:
        'Up to the moment at which the model is another one; what was applied is put back, and the door opens.',
      tag,
      access: administrators,
      params: idParams,
      responses: { 200: DeploymentSchema },
      errors: ['not_found', 'deployment_state'],
      async handler({ params: { id }, companyId, now }) {
        const reply = await changed(companyId, 200, (tx) => cancelDeployment(tx, { id, now }));
        await tellModelSwitch(deps, { companyId, id });

        return reply;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/model/deployments/:id/rollback',
      operationId: 'rollbackDeployment',
      summary: 'Take a switch back',
      description: 'A new switch to the model before it, planned against today; it waits for an approval of its own.',
      tag,
      access: administrators,
      params: idParams,
      responses: { 201: DeploymentSchema },
      errors: ['not_found', 'deployment_state', 'no_change', ...targetErrors],
      reserves: 'deployment',
      async handler({ params: { id }, companyId, principal, reservedId, now }) {
        const row = await database.withTenantSql(companyId, (tx) => readDeployment(tx, id));
        const request = rollbackOf(row, reservedId);
        const seen = await see(row.target.kind);

        return changed(companyId, 201, (tx) => createDeployment(tx, seen, { request, by: approverOf(principal), now }));
      },
    }),
  ];
}
