import { AppError } from '../../domain/errors';
import { actingFor, isCustomer, type Principal } from '../../domain/identity/principal';
import { viewSubscription } from '../../domain/subscriptions/row/subscription-view';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Reply, type Route, signedIn } from '../http/pipeline/route';
import { OrderAcceptedSchema } from '../orders/schemas';
import { promotionErrors } from '../promotions/promotion-errors';
import { assertMayAgree, assertMayChoose } from './answer-change';
import { beginSubscription } from './begin-subscription';
import { findSubscription } from './command-subscription';
import { CreateSubscriptionRequest, SubscriptionSchema, tag } from './schemas';

/** What is owed of before is for people of the company to say. @throws AppError forbidden */
function assertMayBackdate(principal: Principal | null, startsAt: string | null, now: Date): void {
  if (startsAt !== null && Date.parse(startsAt) < now.getTime() && isCustomer(principal)) {
    throw new AppError('forbidden', {
      field: '/startsAt',
      detail: 'A start in the past is for employees of the company.',
    });
  }
}

/** `POST /subscriptions` (S196). */
export function createSubscriptionRoute(deps: ApiDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/subscriptions',
    operationId: 'createSubscription',
    summary: 'Subscribe a customer to a plan',
    description:
      'At once or at `startsAt`; with a trial, or with a first invoice, of its add-ons as well, that is charged to the payment method or answered with an address to pay it at. Send an Idempotency-Key, so that a repeat cannot subscribe twice.',
    tag,
    access: signedIn,
    body: CreateSubscriptionRequest,
    responses: { 201: SubscriptionSchema, 202: OrderAcceptedSchema },
    errors: [
      'customer_required',
      'customer_not_found',
      'plan_not_found',
      'plan_unavailable',
      'addon_not_found',
      'addon_unavailable',
      'meter_billed_elsewhere',
      'meter_priced_by_percentage',
      'prepaid_before_start',
      'trial_unavailable',
      'invalid_date_sequence',
      'currency_mismatch',
      'price_not_in_currency',
      'model_not_accepting',
      'payment_method_unavailable',
      'payment_token_unknown',
      'payment_token_required',
      ...promotionErrors,
      'not_found',
    ],
    reserves: 'subscription',
    door: 'subscriptions',
    async handler({ body, companyId, principal, reservedId, now }): Promise<Reply> {
      const customerId = actingFor(principal, body.customerId);
      assertMayChoose(principal, body);
      assertMayAgree(principal, body);
      assertMayBackdate(principal, body.startsAt ?? null, now);
      const isCreated = await beginSubscription(deps, {
        companyId,
        subscriptionId: reservedId,
        customerId,
        body,
        now,
      });
      const location = `/api/v1/subscriptions/${reservedId}`;

      if (!isCreated) {
        return {
          status: 202,
          body: { id: reservedId, status: 'accepted', location },
          headers: { Location: location, 'Retry-After': '2' },
        };
      }
      const row = await findSubscription(deps, { companyId, subscriptionId: reservedId });

      return { status: 201, body: viewSubscription(row), headers: { Location: location } };
    },
  });
}
