import { z } from 'zod';

import { ownCustomer } from '../../domain/identity/principal';
import { forecastPlan, forecastSubscription } from '../../domain/subscriptions/paper/forecast-subscription';
import { subscriptionStatuses } from '../../domain/subscriptions/lifecycle/subscription-types';
import type { ApiDependencies } from '../dependencies';
import { agreedTaxBehavior, currency, idParams, instant, plannedInstant } from '../http/pipeline/fields';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { namesCodesOnce } from '../promotions/code-members';
import { promotionErrors } from '../promotions/promotion-errors';
import { findSubscription } from './command-subscription';
import { addonsOf, subscriptionStart, tag } from './schemas';

const until = plannedInstant.describe(
  'What is issued up to then is in it; three years of daily invoices are the most.',
);
const amount = z.int();
const time = instant.nullable();

const ForecastQuery = z.strictObject({ until });
const ForecastRequest = namesCodesOnce(
  subscriptionStart
    .pick({
      planId: true,
      useTrial: true,
      trialDays: true,
      trialEnd: true,
      quantity: true,
      billingAnchorDay: true,
      endsAt: true,
      addonIds: true,
      addonKeys: true,
      addonQuantity: true,
      phases: true,
      promotionCode: true,
      promotionCodes: true,
    })
    .extend({
      currency: currency
        .optional()
        .describe(
          'That of the customer who asks; where that is nobody, the one that the plan has as its own when absent.',
        ),
      startsAt: plannedInstant.nullable().optional().describe('Now, when it is absent.'),
      subscribedAt: plannedInstant
        .nullable()
        .optional()
        .describe(
          'When it is subscribed to, where that is not its start: what is owed since then is billed there. At `startsAt`, when it is absent.',
        ),
      until,
    }),
);

const ForecastLineSchema = z.strictObject({
  issuedAt: instant,
  planId: z.int().nullable().describe('null for an add-on, and for what is given back.'),
  planName: z.string().describe('Name of the plan or the add-on.'),
  quantity: z.int(),
  unitAmount: amount.describe('For one seat and one period.'),
  taxBehavior: agreedTaxBehavior,
  periodStart: instant,
  periodEnd: instant,
  periods: z.string().describe('Part of a whole period, by the convention of the company; a decimal.'),
  subtotal: amount,
  discount: amount,
  tax: amount,
  totalAmount: amount,
});
const ForecastSchema = z
  .strictObject({
    currency: z.string(),
    until: instant,
    invoices: z.array(
      ForecastLineSchema.extend({
        dueDate: time,
        uncollected: z
          .enum(['keep_as_draft', 'mark_uncollectible'])
          .nullable()
          .describe(
            'Made while collection is paused: a draft, which is due once it goes on, or one that nobody is asked for. Those that will be void are left out.',
          ),
      }),
    ),
    credits: z
      .array(ForecastLineSchema)
      .describe('What is given back of what is billed already or foreseen here: negative, not in `totalAmount`.'),
    periods: z.string().describe('Of all of them together; a decimal.'),
    totalAmount: amount.describe('Of all of them that somebody is asked for, drafts too.'),
    status: z.enum(subscriptionStatuses).describe('At the end of the forecast.'),
    trialEnd: time,
    currentPeriodStart: time.describe('Of the period at the end of the forecast.'),
    currentPeriodEnd: time,
  })
  .meta({ id: 'SubscriptionForecast' });

/** What will be billed, if everything is paid and nobody changes anything. */
export function createForecastRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;

  return [
    defineRoute({
      method: 'post',
      path: '/subscriptions/forecast',
      operationId: 'forecastNewSubscription',
      summary: 'What subscribing would bill up to a time',
      description:
        'Nothing is written. A customer’s is in the zone of its account, and taxed as it is; one that nobody is named for, as the company has it. Account credit is not foreseen, nor what one customer has used of a code.',
      tag,
      access: signedIn,
      body: ForecastRequest,
      responses: { 200: ForecastSchema },
      errors: [
        'plan_not_found',
        'plan_unavailable',
        'trial_unavailable',
        'addon_not_found',
        'addon_unavailable',
        'meter_priced_by_percentage',
        'prepaid_before_start',
        'model_not_accepting',
        'currency_mismatch',
        'price_not_in_currency',
        'invalid_date_sequence',
        ...promotionErrors,
      ],
      async handler({ body, companyId, principal, now }) {
        const { startsAt, subscribedAt, until: end, billingAnchorDay = null, endsAt = null, ...planned } = body;
        const from = startsAt == null ? now : new Date(startsAt);
        const forecast = await database.withTenantSnapshot(companyId, (tx) =>
          forecastPlan(
            tx,
            {
              ...planned,
              customerId: ownCustomer(principal),
              addons: addonsOf(planned),
              billingAnchorDay,
              endsAt,
              from,
              subscribedAt: subscribedAt == null ? null : new Date(subscribedAt),
            },
            new Date(end),
          ),
        );

        return { status: 200, body: forecast };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id/forecast',
      operationId: 'forecastSubscription',
      summary: 'What a subscription will bill up to a time',
      description:
        'Every invoice that time alone will bring about, with the change that waits for the end of the period and the promotions it has. Account credit is not foreseen.',
      tag,
      access: signedIn,
      params: idParams,
      query: ForecastQuery,
      responses: { 200: ForecastSchema },
      errors: ['not_found', 'invalid_date_sequence'],
      async handler({ params: { id }, query, companyId, principal, now }) {
        await findSubscription(deps, { companyId, subscriptionId: id, customerId: ownCustomer(principal) });
        const forecast = await database.withTenantSnapshot(companyId, (tx) =>
          forecastSubscription(tx, { subscriptionId: id, until: new Date(query.until), now }),
        );

        return { status: 200, body: forecast };
      },
    }),
  ];
}
