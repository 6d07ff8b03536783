import { readStoredSettings } from '../../domain/companies/read-stored-settings';
import { viewSettings } from '../../domain/companies/settings-view';
import { changeSettings } from '../../domain/usage/thresholds/change-settings';
import type { ApiDependencies } from '../dependencies';
import { administrators, defineRoute, employees, type Route } from '../http/pipeline/route';
import { SettingsSchema, UpdateSettingsRequest } from './schemas';

const tag = 'Company settings';

/** The one table of a company's settings. */
export function createCompanySettingsRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;

  return [
    defineRoute({
      method: 'get',
      path: '/company/settings',
      operationId: 'readSettings',
      summary: 'Every setting with its value, default and meaning',
      tag,
      access: employees,
      responses: { 200: SettingsSchema },
      async handler({ companyId }) {
        return { status: 200, body: viewSettings(await database.withTenant(companyId, readStoredSettings)) };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/company/settings',
      operationId: 'updateSettings',
      summary: 'Change settings',
      description:
        'Send only what changes; null takes a setting back to its default. What was agreed before stays as it was.',
      tag,
      access: administrators,
      body: UpdateSettingsRequest,
      responses: { 200: SettingsSchema },
      async handler({ companyId, body, now }) {
        const { stored } = await database.withTenant(companyId, (tx) => changeSettings(tx, { changes: body, now }));

        return { status: 200, body: viewSettings(stored) };
      },
    }),
  ];
}
