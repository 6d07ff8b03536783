import { z } from 'zod';

import { viewCompany } from '../../domain/companies/company-view';
import { initialSettings } from '../../domain/companies/initial-settings';
import { listCompanies } from '../../domain/companies/list-companies';
import { readCompany } from '../../domain/companies/read-company';
import { updateCompany } from '../../domain/companies/update-company';
import { AppError } from '../../domain/errors';
import { foundCompany } from '../../domain/identity/found-company';
import { passwords } from '../../domain/identity/passwords/passwords';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { reserveId } from '../http/idempotency/reserve-id';
import { defineRoute, operators, type Route } from '../http/pipeline/route';
import { newPasswordErrors } from '../auth/schemas';
import { CompanySchema, CreateCompanyRequest, UpdateCompanyRequest } from './schemas';

const tag = 'Companies';

/** Companies of the installation, for super_admin (S292). */
export function createCompaniesRoutes(deps: ApiDependencies): Route[] {
  const { database, config } = deps;

  return [
    defineRoute({
      method: 'post',
      path: '/companies',
      operationId: 'createCompany',
      summary: 'Create a company',
      description: 'It starts with business model multi and, where `admin` is given, with its first administrator.',
      tag,
      access: operators,
      body: CreateCompanyRequest,
      responses: { 201: CompanySchema },
      errors: ['already_exists', ...newPasswordErrors],
      reserves: 'company',
      async handler({ body, reservedId, now }) {
        const { admin, ...company } = body;
        const firstAdmin =
          admin === undefined
            ? undefined
            : {
                id: await reserveId(database, 'user'),
                email: admin.email,
                name: admin.name ?? null,
                passwordHash: await passwords.hashPassword(admin.password, { ...admin, field: '/admin/password' }),
              };
        const created = await database.withTenant(reservedId, (tx) =>
          foundCompany(tx, { company: { ...company, settings: initialSettings(config) }, admin: firstAdmin, now }),
        );

        return { status: 201, body: viewCompany(created) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/companies',
      operationId: 'listCompanies',
      summary: 'List companies, oldest first',
      tag,
      access: operators,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(CompanySchema) },
      async handler({ query: { limit, cursor } }) {
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const rows = await listCompanies(database.system, { after, limit: limit + 1 });

        return { status: 200, body: toPage(rows, { limit, positionOf: (row) => row.id, view: viewCompany }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/companies/:id',
      operationId: 'readCompany',
      summary: 'Read a company',
      tag,
      access: operators,
      params: idParams,
      responses: { 200: CompanySchema },
      errors: ['not_found'],
      async handler({ params: { id } }) {
        return { status: 200, body: viewCompany(await database.withTenant(id, readCompany)) };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/companies/:id',
      operationId: 'updateCompany',
      summary: 'Rename, suspend or reopen a company',
      description:
        'People of a suspended company can neither sign in nor refresh, and its requests are refused. Processes notice ' +
        'within seconds. Your own company cannot be suspended.',
      tag,
      access: operators,
      params: idParams,
      body: UpdateCompanyRequest,
      responses: { 200: CompanySchema },
      errors: ['not_found', 'conflict'],
      async handler({ params: { id }, body, principal, now }) {
        if (body.status === 'suspended' && principal?.companyId === id) {
          throw new AppError('conflict', { field: '/status', detail: 'You are signed in to this company yourself.' });
        }

        const updated = await database.withTenant(id, (tx) => updateCompany(tx, { ...body, now }));

        return { status: 200, body: viewCompany(updated) };
      },
    }),
  ];
}
