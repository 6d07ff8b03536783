import { createAccountPageRoutes } from './account-pages/routes';
import { createAddonsRoutes } from './addons/routes';
import { createAuthRoutes } from './auth/routes';
import { createCompaniesRoutes } from './companies/routes';
import { createCompanySettingsRoutes } from './company-settings/routes';
import { createCreditNotesRoutes } from './credit-notes/routes';
import { createCustomerCreditRoutes } from './customers/credit-routes';
import { createCustomerMoneyRoutes } from './customers/money-routes';
import { createCustomerNoticeRoutes } from './customers/notice-routes';
import { createCustomersRoutes } from './customers/routes';
import type { ApiDependencies } from './dependencies';
import { createOverrideRoutes } from './entitlements/override-routes';
import { createEntitlementsRoutes } from './entitlements/routes';
import { createEventsRoutes } from './events/routes';
import { createCategoriesRoutes } from './categories/routes';
import { createFeaturesRoutes } from './features/routes';
import type { Route } from './http/pipeline/route';
import { createInventoryRoutes } from './inventory/routes';
import { createInvoicesRoutes } from './invoices/routes';
import { createMeterPriceRoutes } from './meters/price-routes';
import { createMetersRoutes } from './meters/routes';
import { createDriftRoutes } from './model/drift-routes';
import { createModelRoutes } from './model/routes';
import { createOrdersRoutes } from './orders/routes';
import { createPayLinkRoutes } from './pay-links/routes';
import { createPaymentsRoutes } from './payments/routes';
import { createPlansRoutes } from './plans/routes';
import { createProductsRoutes } from './products/routes';
import { createPricingRulesRoutes } from './pricing-rules/routes';
import { createPromotionsRoutes } from './promotions/routes';
import { createPriceMovesRoutes } from './price-moves/routes';
import { createSubscriptionsRoutes } from './subscriptions/routes';
import { createTaxRatesRoutes } from './tax-rates/routes';
import { createTestClocksRoutes } from './test-clocks/routes';
import { createUsageRoutes } from './usage/routes';
import { createUsersRoutes } from './users/routes';

/** Every route of the product. One import and one line per resource. */
export function createRoutes(deps: ApiDependencies): Route[] {
  return [
    ...createAuthRoutes(deps),
    ...createAccountPageRoutes(deps),
    ...createUsersRoutes(deps),
    ...createCompaniesRoutes(deps),
    ...createCompanySettingsRoutes(deps),
    ...createCustomersRoutes(deps),
    ...createCustomerMoneyRoutes(deps),
    ...createCustomerCreditRoutes(deps),
    ...createCustomerNoticeRoutes(deps),
    ...createProductsRoutes(deps),
    ...createPlansRoutes(deps),
    ...createCategoriesRoutes(deps),
    ...createFeaturesRoutes(deps),
    ...createAddonsRoutes(deps),
    ...createTaxRatesRoutes(deps),
    ...createPricingRulesRoutes(deps),
    ...createPromotionsRoutes(deps),
    ...createMetersRoutes(deps),
    ...createMeterPriceRoutes(deps),
    ...createUsageRoutes(deps),
    ...createInventoryRoutes(deps),
    ...createOrdersRoutes(deps),
    ...createSubscriptionsRoutes(deps),
    ...createEntitlementsRoutes(deps),
    ...createOverrideRoutes(deps),
    ...createPriceMovesRoutes(deps),
    ...createTestClocksRoutes(deps),
    ...createInvoicesRoutes(deps),
    ...createCreditNotesRoutes(deps),
    ...createPaymentsRoutes(deps),
    ...createPayLinkRoutes(deps),
    ...createModelRoutes(deps),
    ...createDriftRoutes(deps),
    ...createEventsRoutes(deps),
  ];
}
