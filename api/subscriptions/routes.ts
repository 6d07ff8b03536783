import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { createSubscriptionAddonRoutes } from './addon-routes';
import { createSubscriptionDiscountRoutes } from './discount-routes';
import { createSubscriptionChangeRoutes } from './change-routes';
import { createSubscriptionRoute } from './create-subscription-route';
import { createForecastRoutes } from './forecast-routes';
import { createSubscriptionReadRoutes } from './read-routes';

/** Subscriptions. Reads come from PostgreSQL; every change goes through the workflow `subscription/<id>`. */
export function createSubscriptionsRoutes(deps: ApiDependencies): Route[] {
  return [
    createSubscriptionRoute(deps),
    ...createForecastRoutes(deps),
    ...createSubscriptionReadRoutes(deps),
    ...createSubscriptionChangeRoutes(deps),
    ...createSubscriptionAddonRoutes(deps),
    ...createSubscriptionDiscountRoutes(deps),
  ];
}
