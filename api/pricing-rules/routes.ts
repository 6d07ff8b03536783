import { viewPricingRule } from '../../domain/catalogue/pricing-rules/pricing-rule-view';
import { listPricingRules, readPricingRule } from '../../domain/catalogue/pricing-rules/read-pricing-rule';
import { createPricingRule, updatePricingRule } from '../../domain/catalogue/pricing-rules/write-pricing-rule';
import { resourceRoutes } from '../catalogue/resource-routes';
import { withInstants } from '../catalogue/rule-members';
import type { ApiDependencies } from '../dependencies';
import { employees, type Route } from '../http/pipeline/route';
import {
  CreatePricingRuleRequest,
  ListPricingRulesQuery,
  PricingRuleSchema,
  UpdatePricingRuleRequest,
} from './schemas';

/** Prices by quantity, customer and date (S115, S129): employees read them, managers write them. */
export function createPricingRulesRoutes(deps: ApiDependencies): Route[] {
  return resourceRoutes(deps, {
    path: 'pricing-rules',
    tag: 'Pricing rules',
    name: 'PricingRule',
    called: ['a pricing rule', 'pricing rules'],
    reserves: 'pricingRule',
    readers: employees,
    schemas: {
      query: ListPricingRulesQuery,
      create: CreatePricingRuleRequest,
      update: UpdatePricingRuleRequest,
      answer: PricingRuleSchema,
    },
    texts: {
      list: 'Active ones, unless another status is asked for.',
      read: 'What it makes of a price, `GET /products/{id}/price` says.',
      update: ['Change, archive or bring back a pricing rule', 'Orders keep the price they were placed with.'],
      archive: ['Archive a pricing rule', 'The same as status archived: it holds no more, and can be brought back.'],
    },
    create: (tx, { body, id, now }) => createPricingRule(tx, { rule: { ...withInstants(body), id }, now }),
    list: (tx, { query: filter, statuses, after, limit }) =>
      listPricingRules(tx, { filter: { ...filter, statuses }, after: Number(after ?? 0), limit }),
    read: readPricingRule,
    update: (tx, { id, changes, now }) => updatePricingRule(tx, { id, changes: withInstants(changes), now }),
    archived: { status: 'archived' },
    view: viewPricingRule,
  });
}
