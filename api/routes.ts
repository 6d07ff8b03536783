import { createAuthRoutes } from './auth/routes';
import { createCompaniesRoutes } from './companies/routes';
import { createCompanySettingsRoutes } from './company-settings/routes';
import { createCustomersRoutes } from './customers/routes';
import type { ApiDependencies } from './dependencies';
import type { Route } from './http/route';
import { createInvoicesRoutes } from './invoices/routes';
import { createOrdersRoutes } from './orders/routes';
import { createPaymentsRoutes } from './payments/routes';
import { createUsersRoutes } from './users/routes';

/** Every route of the product. One import and one line per resource. */
export function createRoutes(deps: ApiDependencies): Route[] {
  return [
    ...createAuthRoutes(deps),
    ...createUsersRoutes(deps),
    ...createCompaniesRoutes(deps),
    ...createCompanySettingsRoutes(deps),
    ...createCustomersRoutes(deps),
    ...createOrdersRoutes(deps),
    ...createInvoicesRoutes(deps),
    ...createPaymentsRoutes(deps),
  ];
}
